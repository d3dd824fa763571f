// What the engine answered, or the refusal that people read when it did not do what was asked.
import type { EngineAnswer, EngineFailure } from '../engine/port.ts';
import { UserError } from '../user-error.ts';

/** The value; throws a UserError that says what to do next. */
export function told<T>(answer: EngineAnswer<T>): T {
  if (answer.ok) return answer.value;
  throw toRefusal(answer.failure);
}

/** The value, or undefined where there is no such thing; throws as `told` does. */
export function toldOrMissing<T>(answer: EngineAnswer<T>): T | undefined {
  return !answer.ok && answer.failure.kind === 'missing' ? undefined : told(answer);
}

function toRefusal({ kind, message }: EngineFailure): UserError {
  const words = message.slice(0, 500);
  switch (kind) {
    case 'absent':
      return new UserError(
        503,
        'engine-absent',
        `The Docker engine does not answer: ${words} npm run doctor says what is missing.`,
        10,
      );
    case 'late':
      return new UserError(504, 'engine-late', `The engine took too long; look whether it was done. ${words}`, 10);
    case 'no-swarm':
      return new UserError(
        409,
        'no-swarm',
        'This engine is in no swarm yet; start one first (POST /engine/swarm; GET /engine says what that does).',
      );
    case 'missing':
      return new UserError(404, 'not-found', `The engine has no such thing: ${words}`);
    case 'conflict':
      return new UserError(409, 'conflict', `The engine refuses: ${words}`);
    case 'stale':
      return new UserError(409, 'changed-meanwhile', 'Something else changed it at the same time. Try again.');
    case 'refused':
      return new UserError(502, 'broker-refused', `The broker refuses this call; its log says why. ${words}`);
    case 'failed':
      return new UserError(502, 'engine-failed', `The engine says: ${words}`);
  }
}
