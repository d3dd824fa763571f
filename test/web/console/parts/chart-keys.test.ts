// A chart by its keys: values are read point by point, a time is looked at closer, and there is a way back.
import { expect, test } from 'vitest';
import { actOf } from '../../../../web/console/parts/chart-keys.ts';

const times = Array.from({ length: 100 }, (_, index) => 1_000 + index * 10);
const span = { start: 1_000, end: 1_800 };

test.each([
  { key: 'ArrowLeft', cursor: null, does: { kind: 'read', index: 99 } },
  { key: 'ArrowRight', cursor: null, does: { kind: 'read', index: 99 } },
  { key: 'ArrowLeft', cursor: 50, does: { kind: 'read', index: 49 } },
  { key: 'ArrowRight', cursor: 99, does: { kind: 'read', index: 99 } },
  { key: 'ArrowLeft', cursor: 0, does: { kind: 'read', index: 0 } },
  { key: 'PageDown', cursor: 50, does: { kind: 'read', index: 40 } },
  { key: 'PageUp', cursor: 50, does: { kind: 'read', index: 60 } },
  { key: 'Home', cursor: 50, does: { kind: 'read', index: 0 } },
  { key: 'End', cursor: 50, does: { kind: 'read', index: 99 } },
  { key: 'Enter', cursor: 50, does: { kind: 'zoom', span: { start: 1_400, end: 1_600 } } },
  { key: 'Enter', cursor: null, does: undefined },
  { key: 'Escape', cursor: 50, does: { kind: 'leave' } },
  { key: 'Escape', cursor: null, does: undefined },
  { key: 'Backspace', cursor: null, does: { kind: 'back' } },
  { key: 'Tab', cursor: 50, does: undefined },
])('$key at $cursor', ({ key, cursor, does }) => {
  expect(actOf(key, { times, cursor, span })).toEqual(does);
});

test('nothing where nothing was measured', () => {
  expect(actOf('ArrowLeft', { times: [], cursor: null, span })).toBeUndefined();
});
