// Evidence adds up to a tier; the same kind counts once, and the order never matters.
import { expect, test } from 'vitest';
import type { Category, Evidence } from '../../../../../detectors/process/threats/verdict/evidence.ts';
import { categories, conclude, weights } from '../../../../../detectors/process/threats/verdict/evidence.ts';

const piece = (id: string, weight: keyof typeof weights, category: Category = 'crypto_miners'): Evidence => ({
  id,
  category,
  technique: 'T1496.001',
  weight: weights[weight],
  reason: 'a reason',
});

test.each([
  { seen: [], tier: 'none', threat: false },
  { seen: [piece('a', 'weak')], tier: 'low', threat: false },
  { seen: [piece('a', 'moderate')], tier: 'low', threat: false },
  { seen: [piece('a', 'moderate'), piece('a', 'moderate')], tier: 'low', threat: false },
  { seen: [piece('a', 'moderate'), piece('b', 'moderate')], tier: 'medium', threat: true },
  { seen: [piece('a', 'strong')], tier: 'medium', threat: true },
  { seen: [piece('a', 'strong'), piece('b', 'moderate')], tier: 'critical', threat: true },
  { seen: [piece('a', 'decisive')], tier: 'critical', threat: true },
] as const)('$seen.length pieces → $tier', ({ seen, tier, threat }) => {
  expect(conclude(seen)).toMatchObject({ tier, threat });
  expect(conclude([...seen].reverse())).toEqual(conclude(seen));
});

test('nothing seen is no category and score 0', () => {
  expect(conclude([])).toMatchObject({ category: null, score: 0, techniques: [] });
});

test('the category is that of the heaviest piece, and what a process is for comes before how it got there', () => {
  expect(conclude([piece('a', 'weak', 'crypto_miners'), piece('b', 'strong', 'persistence_mechanisms')]).category).toBe(
    'persistence_mechanisms',
  );
  expect(
    conclude([piece('a', 'strong', 'privilege_escalation'), piece('b', 'strong', 'reverse_shells')]).category,
  ).toBe('reverse_shells');
});

test('a score is never above 100', () => {
  expect(conclude([piece('a', 'decisive'), piece('b', 'decisive')]).score).toBe(100);
});

test('there are seven categories', () => {
  expect(new Set(categories).size).toBe(7);
});
