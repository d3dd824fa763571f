// The tables of runners and shells: what they must hold for the unwrapping to see through sudo and its kin.
import { expect, test } from 'vitest';
import { elevating, runners, shells } from '../../../../../detectors/process/threats/shell/runners.ts';

test('every tool that elevates is also seen through', () => {
  expect([...elevating].filter((name) => runners[name] === undefined)).toEqual([]);
});

test('shells are judged by their scripts, never as runners', () => {
  expect([...shells].filter((name) => runners[name] !== undefined)).toEqual([]);
});
