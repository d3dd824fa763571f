// What a detector holds: readiness, and errors and refusals that are counted and bounded.
import { expect, test } from 'vitest';
import { closeTick, isReady, noteError, noteRefusal, openState } from '../../detectors/state.ts';
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
  state.prometheusSeen = true;
  noteError(state, 'x'.repeat(1e6));
  noteError(state, 'a second question of the same tick');
  closeTick(state, 100);
  for (let index = 0; index < 80; index++) noteRefusal(state, { file: String(index), reason: '', atSeconds: 0 });
  expect([state.errorsTotal, state.lastError!.length, state.refusalsTotal, state.refusals.length]).toEqual([
    1, 500, 80, 50,
  ]);
  expect(state.refusals.at(-1)!.file).toBe('79');
});

test('a tick fails once, an error is told when it is new and when it is over, and it is kept with its time', () => {
  const state = openState(twoMetrics);
  const end = (atSeconds: number, ...errors: string[]) => {
    for (const error of errors) noteError(state, error);
    return closeTick(state, atSeconds);
  };
  expect([end(1, 'down'), state.errorsTotal]).toEqual(['failed', 0]); // nobody has answered yet
  state.prometheusSeen = true;
  expect([end(2, 'down', 'down'), state.errorsTotal]).toEqual([undefined, 1]);
  expect([end(3, 'late'), state.errorsTotal]).toEqual(['failed', 2]);
  expect([end(4), end(5), state.errorsTotal]).toEqual(['recovered', undefined, 2]);
  expect([state.failing, state.lastError, state.lastErrorSeconds]).toEqual([undefined, 'late', 3]);
});
