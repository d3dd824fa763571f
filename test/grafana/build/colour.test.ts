// The scale of rarity: neutral until 1 in 100, one hue that deepens, words that are true.
import { expect, test } from 'vitest';
import { rarity as expressionOf, rarityMappings, raritySteps } from '../../../grafana/build/colour.ts';

const rarity = (score: number) => -Math.log10(Math.max(1 - score / 100, 1e-5));

test.each([
  { score: 50, text: '1 in 10 or more often', step: 0 },
  { score: 90.1, text: '1 in 10', step: 0 },
  { score: 99.1, text: '1 in 100', step: 1 },
  { score: 99.95, text: '1 in 1,000', step: 2 },
  { score: 99.995, text: '1 in 10,000', step: 3 },
  { score: 100, text: '1 in 100,000 or rarer', step: 4 },
])('$score reads "$text"', ({ score, text, step }) => {
  const value = rarity(score);
  const words = rarityMappings().filter(({ options }) => value >= options.from && value <= options.to);
  expect(words.map(({ options }) => options.result.text)).toEqual([text]);
  expect(raritySteps.findLastIndex((each) => each.value === null || value >= each.value)).toBe(step);
});

test('a score of 100 has an end, and no word overlaps another', () => {
  expect(expressionOf('anomaly_score')).toBe('-log10(clamp_min(1 - anomaly_score / 100, 1e-5))');
  const bounds = rarityMappings().map(({ options }) => options);
  expect(bounds.every(({ from, to }, at) => from < to && to < (bounds[at + 1]?.from ?? Number.POSITIVE_INFINITY))).toBe(
    true,
  );
});
