// Permissions by role and by where the grant was given.
import { expect, test } from 'vitest';
import { permissions, permits, type Role } from '../../../core/contracts/access.ts';
import { grant } from '../../../core/contracts/grant.ts';

const [here, there] = ['a'.repeat(16), 'b'.repeat(16)];
const on = (environment: string, role: Role) => [{ environment, role }];

test.each([
  { given: 'a grant on all', grants: on('*', 'operator'), permission: 'environment:write', at: here, may: true },
  { given: 'a grant there', grants: on(here, 'operator'), permission: 'environment:write', at: here, may: true },
  { given: 'a grant elsewhere', grants: on(there, 'admin'), permission: 'environment:write', at: here, may: false },
  {
    given: 'no environment named',
    grants: on(here, 'admin'),
    permission: 'environment:write',
    at: undefined,
    may: false,
  },
  { given: 'a lesser role', grants: on('*', 'developer'), permission: 'environment:write', at: here, may: false },
  {
    given: 'an environment admin at the appliance',
    grants: on(here, 'admin'),
    permission: 'person:manage',
    at: undefined,
    may: false,
  },
  {
    given: 'any grant for looking',
    grants: on(there, 'read-only'),
    permission: 'watch:read',
    at: undefined,
    may: true,
  },
  { given: 'no grant at all', grants: [], permission: 'watch:read', at: undefined, may: false },
] as const)('$given: $permission $may', ({ grants, permission, at, may }) => {
  expect(permits(grants, permission, at)).toBe(may);
});

test('each role holds what the next lower one holds, and more', () => {
  const held = (role: Role) => permissions.filter((permission) => permits(on('*', role), permission, here));
  const [admin, operator, developer, reader] = (['admin', 'operator', 'developer', 'read-only'] as const).map(held);
  expect(admin).toEqual(permissions);
  for (const permission of operator!) expect(admin).toContain(permission);
  for (const permission of developer!) expect(operator).toContain(permission);
  for (const permission of reader!) expect(developer).toContain(permission);
  expect(reader!.length).toBeLessThan(developer!.length);
});

test.each([
  { environment: '*', role: 'owner' },
  { environment: '../x', role: 'admin' },
  { environment: '*', role: 'admin', extra: 1 },
])('%j is no grant', (value) => {
  expect(grant.safeParse(value).success).toBe(false);
});
