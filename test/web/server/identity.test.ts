// What an identity may do: a token never more than its owner, nor more than it was made for, nor anywhere else.
import { expect, test } from 'vitest';
import { actorOf, holds, type Identity } from '../../../web/server/identity.ts';

const [here, there] = ['a'.repeat(16), 'b'.repeat(16)];
const base = { person: 'p', name: 'n', hasSecondFactor: false, lacksSecondFactor: false };
const token = (environment: string, permissions: readonly string[]) =>
  ({ kind: 'token', id: 't', permissions, environment }) as Identity['use'];
const everywhere = [{ environment: '*', role: 'operator' as const }];

test.each([
  { given: 'the scope and the right', use: token('*', ['environment:write']), grants: everywhere, at: here, may: true },
  { given: 'no scope', use: token('*', ['environment:read']), grants: everywhere, at: here, may: false },
  {
    given: 'no right',
    use: token('*', ['environment:write']),
    grants: [{ environment: '*', role: 'read-only' as const }],
    at: here,
    may: false,
  },
  { given: 'its own environment', use: token(here, ['environment:write']), grants: everywhere, at: here, may: true },
  { given: 'another environment', use: token(there, ['environment:write']), grants: everywhere, at: here, may: false },
  {
    given: 'a grant elsewhere',
    use: token('*', ['environment:write']),
    grants: [{ environment: there, role: 'admin' as const }],
    at: here,
    may: false,
  },
])('a token with $given: $may', ({ use, grants, at, may }) => {
  expect(holds({ ...base, grants, use }, 'environment:write', at)).toBe(may);
});

test('a token for one environment does not reach the appliance, whatever its owner may', () => {
  const use = token(here, ['audit:read']);
  expect(holds({ ...base, grants: everywhere, use }, 'audit:read')).toBe(false);
  expect(holds({ ...base, grants: everywhere, use: token('*', ['audit:read']) }, 'audit:read')).toBe(true);
});

test('records tell people, their tokens and strangers apart', () => {
  const session: Identity['use'] = { kind: 'session', id: 's', csrf: 'c', confirmed: 0 };
  expect(actorOf(undefined)).toEqual({ kind: 'anonymous', id: 'anonymous' });
  expect(actorOf({ ...base, grants: [], use: session })).toEqual({ kind: 'person', id: 'p' });
  expect(actorOf({ ...base, grants: [], use: token('*', []) })).toEqual({ kind: 'token', id: 'p/t' });
});
