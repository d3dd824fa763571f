// Notes of an operation as steps: each ends where the next begins, what failed is marked where it failed, a pull has a share.
import { describe, expect, test } from 'vitest';
import type { OperationStep } from '../../../../core/contracts/deployments.ts';
import { plannedSteps, titleOfStep, toSteps } from '../../../../web/console/values/run-steps.ts';

let seq = 0;
const note = (
  time: number,
  step: string,
  kind: OperationStep['kind'],
  more: Partial<OperationStep> = {},
): OperationStep => ({
  ...{ seq: ++seq, time, kind, step, text: `${step} ${kind}` },
  ...more,
});
const begun = [note(10, 'image', 'intended'), note(14, 'network', 'intended'), note(15, 'health', 'intended')];
const told = (steps: ReturnType<typeof toSteps>) => steps.map(({ step, state }) => `${step} ${state}`);

describe('while it goes on', () => {
  test('what is over, what is under way and what is still to come', () => {
    expect(told(toSteps(begun, 'deploy', undefined, 20))).toEqual([
      ...['image done', 'network done', 'health running'],
      ...['service waiting', 'ingress waiting', 'switch waiting', 'read-back waiting'],
    ]);
  });

  test('each takes until the next begins, the last one until now', () => {
    expect(toSteps(begun, undefined, undefined, 21).map(({ seconds }) => seconds)).toEqual([4, 1, 6]);
  });

  test('a pull shows how far it is, as long as it lasts', () => {
    const pull = [
      note(1, 'image', 'intended'),
      note(2, 'image', 'progress', { progress: { current: 30, total: 120 } }),
    ];
    expect(toSteps(pull, 'deploy', undefined, 3)[0]!.share).toBe(0.25);
    expect(toSteps([...pull, note(3, 'network', 'intended')], 'deploy', undefined, 3)[0]!.share).toBeUndefined();
  });
});

describe('in the end', () => {
  test('done: nothing is left open', () => {
    expect(told(toSteps(begun, undefined, { well: true, time: 30 }, 99))).toEqual([
      'image done',
      'network done',
      'health done',
    ]);
  });

  test('gone back by itself: what stopped it is marked, and the way back is not', () => {
    const notes = [
      ...begun,
      note(40, 'update', 'failed', { text: 'r3 is not healthy' }),
      note(41, 'remove', 'intended'),
    ];
    const steps = toSteps(notes, 'update', { well: true, time: 45 }, 99);
    expect(told(steps).slice(0, 4)).toEqual(['image done', 'network done', 'health failed', 'remove done']);
    expect(told(steps)).toContain('switch skipped');
    expect(steps[2]!.detail).toBe('r3 is not healthy');
  });

  test('failed without a word: at the last step', () => {
    expect(told(toSteps(begun, undefined, { well: false, time: 30 }, 99)).at(-1)).toBe('health failed');
  });
});

test('a plan is told before anything begins, and unknown steps have a name', () => {
  expect(plannedSteps('deploy')).toHaveLength(7);
  expect(plannedSteps('scale')).toEqual([]);
  expect(titleOfStep('scale')).toBe('Scale');
});
