// The rarity scale: neutral until 1 in 100, five steps, and nothing for what is not known.
import { expect, test } from 'vitest';
import { rarity, rarityLevel, sayRarity } from '../../../../web/console/values/rarity.ts';

test.each([
  { score: 0, level: 0, words: 'ordinary' },
  { score: 40, level: 0, words: 'ordinary' },
  { score: 90, level: 1, words: '1 in 10' },
  { score: 99, level: 2, words: '1 in 100' },
  { score: 99.9, level: 3, words: '1 in 1,000' },
  { score: 99.975, level: 3, words: '1 in 4,000' },
  { score: 99.99, level: 4, words: '1 in 10,000' },
  { score: 100, level: 5, words: '1 in 100,000 or rarer' },
  { score: 130, level: 5, words: '1 in 100,000 or rarer' },
])('score $score is $words', ({ score, level, words }) => {
  expect(rarityLevel(score)).toBe(level);
  expect(sayRarity(score)).toBe(words);
});

test('no score is unknown, not ordinary', () => {
  expect([sayRarity(null), sayRarity(undefined), sayRarity(Number.NaN)]).toEqual(['unknown', 'unknown', 'unknown']);
});

test('rarity grows with the score', () => {
  const scores = [0, 50, 90, 95, 99, 99.5, 99.9, 99.999];
  const rarities = scores.map(rarity);
  expect(rarities).toEqual([...rarities].sort((a, b) => a - b));
  expect(new Set(rarities).size).toBe(scores.length);
});
