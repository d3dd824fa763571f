// How rare a score is, on the scale that strips, tables and Grafana share: −log10(1 − score/100), from 1 (1 in 10) to 5 (1 in 100,000).

export type RarityLevel = 0 | 1 | 2 | 3 | 4 | 5;

const highest = 5;

/** 0 for an ordinary score, at most 5. */
export function rarity(score: number): number {
  const rest = 1 - Math.min(100, Math.max(0, score)) / 100;
  return rest <= 10 ** -highest ? highest : -Math.log10(rest);
}

/** The step of the colour scale: neutral below 2. */
export function rarityLevel(score: number): RarityLevel {
  return Math.floor(rarity(score) + 1e-9) as RarityLevel;
}

/** "1 in 4,000", two figures that count; what comes more often than 1 in 10 is "ordinary". */
export function sayRarity(score: number | null | undefined): string {
  if (score === null || score === undefined || !Number.isFinite(score)) return 'unknown';
  if (rarityLevel(score) < 1) return 'ordinary';
  const times = 10 ** rarity(score);
  const size = 10 ** Math.max(0, Math.floor(Math.log10(times)) - 1);
  const rounded = Math.round(times / size) * size;
  return `1 in ${rounded.toLocaleString('en-US')}${times >= 10 ** highest ? ' or rarer' : ''}`;
}
