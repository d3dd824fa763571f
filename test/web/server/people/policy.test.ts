// What a password must be like, and who counts as admin.
import { expect, test } from 'vitest';
import { handsOutAdmin, isAdmin, needsSecondFactor, refusePassword } from '../../../../web/server/people/policy.ts';

const common = (password: string) => password === 'trustno1!';

test.each([
  { password: 'short', says: 'at least 8' },
  { password: 'x'.repeat(257), says: 'at most 256' },
  { password: 'abababababab', says: 'different characters' },
  { password: 'TrustNo1!', says: 'attackers try first' },
  { password: 'jo-smith1', says: 'around the name' },
  { password: '😀😀😀😀', says: 'at least 8' },
  { password: 'correct horse battery staple', says: undefined },
  { password: 'all lower case words', says: undefined },
  { password: `${'ab3d'.repeat(16)}`, says: undefined },
])('$password: $says', ({ password, says }) => {
  const refusal = refusePassword(password, 'jo-smith', common);
  if (says === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toContain(says);
});

test.each([
  { grants: [{ environment: '*', role: 'admin' as const }], appliance: true, any: true },
  { grants: [{ environment: 'a'.repeat(16), role: 'admin' as const }], appliance: false, any: true },
  { grants: [{ environment: '*', role: 'operator' as const }], appliance: false, any: false },
  { grants: [], appliance: false, any: false },
])('$grants', ({ grants, appliance, any }) => {
  expect(isAdmin(grants)).toBe(appliance);
  expect(handsOutAdmin(grants)).toBe(any);
});

test('a second factor is needed by whoever holds one of the roles anywhere', () => {
  expect(needsSecondFactor([{ environment: '*', role: 'operator' }], ['admin', 'operator'])).toBe(true);
  expect(needsSecondFactor([{ environment: '*', role: 'developer' }], ['admin', 'operator'])).toBe(false);
});
