// What a status and a message of the engine mean: the kinds of failure that services act on.
import type { EngineFailure } from './port.ts';

/** A status of 0 stands for no answer at all. */
export function failureOf(status: number, message: string): EngineFailure {
  const told = message.slice(0, 2_048);
  if (/update out of sequence/i.test(message)) return { kind: 'stale', message: told };
  if (/not a swarm manager|not part of a swarm/i.test(message)) return { kind: 'no-swarm', message: told };
  if (status === 0 || status === 502) return { kind: 'absent', message: told };
  if (status === 403) return { kind: 'refused', message: told };
  if (status === 404) return { kind: 'missing', message: told };
  // The engine says 400 of a secret or a network that is in use, and of some names that are taken.
  if (status === 409 || (status === 400 && /in use|already exists|name conflicts/i.test(message)))
    return { kind: 'conflict', message: told };
  if (status === 504) return { kind: 'late', message: told };
  return { kind: 'failed', message: told };
}
