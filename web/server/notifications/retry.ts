// What an attempt to deliver means: done, again later, or never.
import type { Outcome } from './store.ts';

export type Attempt =
  | { kind: 'answered'; status: number }
  | { kind: 'unanswered'; reason: string }
  | { kind: 'refused'; reason: string };

export const attemptsMax = 8;
const firstSeconds = 5;
const waitSecondsMax = 3_600;
/** Not the message is at fault but the moment: too slow, too early, too many. */
const momentary = new Set([408, 425, 429]);

/**
 * Waits three times as long after each attempt (5 s, 15 s … 1 h, about two hours in all), each a fifth more or less, so that many do not come back at once.
 * `attempts` counts this one; `chance` is from 0 to 1. A test is tried once.
 */
export function judgeAttempt(
  attempt: Attempt,
  attempts: number,
  isTest: boolean,
  now: number,
  chance: number,
): Outcome {
  if (attempt.kind === 'refused') return ended('failed', attempt.reason);
  const { kind } = attempt;
  const said = kind === 'answered' ? `answered ${attempt.status}` : attempt.reason.slice(0, 300);
  if (kind === 'answered' && attempt.status >= 200 && attempt.status < 300) return ended('delivered', said);
  const lasting = kind === 'answered' && attempt.status < 500 && !momentary.has(attempt.status);
  if (lasting || isTest || attempts >= attemptsMax) return ended('failed', said);
  const wait = Math.min(waitSecondsMax, firstSeconds * 3 ** (attempts - 1));
  return { state: 'pending', said, nextSeconds: now + wait * (0.8 + 0.4 * chance) };
}

function ended(state: 'delivered' | 'failed', said: string): Outcome {
  return { state, said, nextSeconds: null };
}
