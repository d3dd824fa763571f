// Which role in Grafana the grants of a person amount to.
import { describe, expect, test } from 'vitest';
import { allEnvironments, type Grant } from '../../../../core/contracts/access.ts';
import { roleOf, webauthHeaders } from '../../../../web/server/grafana/who.ts';

const everywhere = (role: Grant['role']): Grant => ({ environment: allEnvironments, role });
const somewhere = (role: Grant['role']): Grant => ({ environment: '0123456789abcdef', role });

describe('role', () => {
  test.each<{ given: string; grants: Grant[]; is: string }>([
    { given: 'no grant', grants: [], is: 'Viewer' },
    { given: 'admin of one environment', grants: [somewhere('admin')], is: 'Viewer' },
    { given: 'developer everywhere', grants: [everywhere('developer')], is: 'Editor' },
    { given: 'the highest of several', grants: [everywhere('read-only'), everywhere('admin')], is: 'Admin' },
    { given: 'what counts of several', grants: [somewhere('admin'), everywhere('operator')], is: 'Editor' },
  ])('$given: $is', ({ grants, is }) => {
    expect(roleOf(grants)).toBe(is);
  });
});

test.each([
  { name: 'Ada', said: 'Ada' },
  { name: 'Žofie', said: '0011223344556677' },
  { name: 'a\r\nX-WEBAUTH-ROLE: Admin', said: '0011223344556677' },
])('$name is said as $said', ({ name, said }) => {
  expect(webauthHeaders({ person: '0011223344556677', name, grants: [] })['x-webauth-name']).toBe(said);
});
