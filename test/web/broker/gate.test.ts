// Places are given up to the bound, and given back once.
import { expect, test } from 'vitest';
import { createGate } from '../../../web/broker/gate.ts';

test('calls and streams have bounds of their own', () => {
  const gate = createGate({ callsMax: 2, streamsMax: 1 });
  const leave = gate.enter(false)!;
  gate.enter(false);
  expect(gate.enter(false)).toBeUndefined();
  expect(gate.enter(true)).toBeDefined();
  expect(gate.enter(true)).toBeUndefined();
  expect([gate.calls, gate.streams]).toEqual([2, 1]);
  leave();
  leave();
  expect(gate.calls).toBe(1);
  expect(gate.enter(false)).toBeDefined();
  expect(gate.enter(false)).toBeUndefined();
});
