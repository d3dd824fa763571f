// What a detector holds: readiness, and errors and refusals that are counted and bounded.
import { expect, test } from 'vitest';
import { isReady, noteError, noteRefusal, openState } from '../../detectors/state.ts';
import { twoMetrics } from '../fakes/detector.ts';

test.each([
  { given: 'nothing yet', ended: undefined, answered: undefined, ready: false },
  { given: 'a loop that runs and no answer', ended: 100, answered: undefined, ready: false },
  { given: 'a tick with an answer, no entity, no model', ended: 100, answered: 1, ready: true },
  { given: 'a loop that stands still', ended: 30, answered: 1, ready: false },
])('$given → ready $ready', ({ ended, answered, ready }) => {
  const state = { ...openState(twoMetrics), tickEndedMonotonic: ended, lastAnswerSeconds: answered };
  expect(isReady(state, 100, 15)).toBe(ready);
});

test('errors are counted, refusals kept up to a bound', () => {
  const state = openState(twoMetrics);
  noteError(state, 'x'.repeat(1e6));
  for (let index = 0; index < 80; index++) noteRefusal(state, { file: String(index), reason: '', atSeconds: 0 });
  expect([state.errorsTotal, state.lastError!.length, state.refusalsTotal, state.refusals.length]).toEqual([
    1, 500, 80, 50,
  ]);
  expect(state.refusals.at(-1)!.file).toBe('79');
});
