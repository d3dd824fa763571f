// What a failed call of the engine means: the kinds that services act on, told from status and words.
import { expect, test } from 'vitest';
import { failureOf } from '../../../../web/server/engine/failure.ts';

test.each([
  { given: 'a stale version', status: 500, message: 'rpc error: update out of sequence', kind: 'stale' },
  {
    given: 'no swarm',
    status: 503,
    message: 'This node is not a swarm manager. Use "docker swarm init"',
    kind: 'no-swarm',
  },
  { given: 'no answer', status: 0, message: 'The broker cannot be reached', kind: 'absent' },
  { given: 'no engine behind the broker', status: 502, message: 'The Docker socket cannot be reached', kind: 'absent' },
  { given: 'a refusal', status: 403, message: 'The broker refuses this call: body', kind: 'refused' },
  { given: 'nothing of that name', status: 404, message: 'service shop-r1 not found', kind: 'missing' },
  { given: 'a name that is taken', status: 409, message: 'name conflicts with an existing object', kind: 'conflict' },
  {
    given: 'a secret in use',
    status: 400,
    message: "secret 'db-1' is in use by the following service",
    kind: 'conflict',
  },
  { given: 'a bad request', status: 400, message: 'invalid mount', kind: 'failed' },
  { given: 'a late answer', status: 504, message: 'Docker did not answer in time', kind: 'late' },
  { given: 'anything else', status: 500, message: 'no such image', kind: 'failed' },
])('$given is $kind', ({ status, message, kind }) => {
  expect(failureOf(status, message)).toEqual({ kind, message });
});

test('what the engine says is cut', () => {
  expect(failureOf(500, 'x'.repeat(10_000)).message).toHaveLength(2_048);
});
