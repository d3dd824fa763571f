// What a name and a password must be like, and what nobody may do to the last admin.
import type { Grant, Role } from '../../../core/contracts/access.ts';
import { allEnvironments } from '../../../core/contracts/access.ts';

const passwordLengthMin = 8;
const passwordLengthMax = 256;

/**
 * Why a password cannot be taken, as a sentence, or undefined. No rules of composition: length and being unknown to attackers is what counts.
 * `isCommon` is asked with the password in lower case.
 */
export function refusePassword(
  password: string,
  person: string,
  isCommon: (password: string) => boolean,
): string | undefined {
  const length = [...password].length;
  if (length < passwordLengthMin) return `Use at least ${passwordLengthMin} characters; 15 or more are better.`;
  if (length > passwordLengthMax) return `Use at most ${passwordLengthMax} characters.`;
  if (password.toLowerCase().includes(person.toLowerCase()) && length < person.length + passwordLengthMin)
    return 'Do not build the password around the name; add at least 8 other characters.';
  if (new Set(password).size < 4) return 'Use at least 4 different characters.';
  if (isCommon(password.toLowerCase()))
    return 'This password is among those that attackers try first; choose another one.';
  return undefined;
}

/** Whether these grants make an admin of the whole appliance. */
export function isAdmin(grants: readonly Grant[]): boolean {
  return grants.some(({ environment, role }) => environment === allEnvironments && role === 'admin');
}

/** Whether giving these grants hands out the appliance or an environment: what needs a fresh confirmation. */
export function handsOutAdmin(grants: readonly Grant[]): boolean {
  return grants.some(({ role }) => role === 'admin');
}

/** Whether the policy demands a second factor of whoever holds these grants. */
export function needsSecondFactor(grants: readonly Grant[], required: readonly Role[]): boolean {
  return grants.some(({ role }) => required.includes(role));
}
