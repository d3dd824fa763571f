// Colours and what they mean: four meanings, and the scale of rarity on which ordinary is neutral. The console uses the same.

export const colour = {
  neutral: '#8e99a8',
  notice: '#4f8fd6',
  warning: '#e0a030',
  critical: '#d9483b',
  unknown: '#5a6270',
} as const;

export interface Step {
  color: string;
  value: number | null;
}

/** Neutral below the first bound; `low` turns it round for what must not fall. */
export function steps(warning: number, critical: number): Step[] {
  return [
    { color: colour.neutral, value: null },
    { color: colour.warning, value: warning },
    { color: colour.critical, value: critical },
  ];
}

/** For what must not fall: critical below the first bound, a warning below the second. */
export function lowSteps(critical: number, warning: number): Step[] {
  return [
    { color: colour.critical, value: null },
    { color: colour.warning, value: critical },
    { color: colour.neutral, value: warning },
  ];
}

export const plainSteps: Step[] = [{ color: colour.neutral, value: null }];

/** −log10(1 − score/100): neutral until 1 in 100, then one hue, the console's, that deepens and reads on light and dark alike. */
export const raritySteps: Step[] = [
  { color: colour.neutral, value: null },
  { color: '#b08cd9', value: 2 },
  { color: '#9f69d3', value: 3 },
  { color: '#8e4cc8', value: 4 },
  { color: '#7a2fc0', value: 5 },
];

/** The same for areas: what is ordinary is hardly there. */
export const stripSteps: Step[] = [{ color: '#8e99a82e', value: null }, ...raritySteps.slice(1)];

export const rarityMax = 5;

/** The expression of a score's rarity, 0 to 5: 2 is 1 in 100, 5 is 1 in 100,000 and beyond. */
export function rarity(score: string): string {
  return `-log10(clamp_min(1 - ${score} / 100, 1e-5))`;
}

const words = ['1 in 10 or more often', '1 in 10', '1 in 100', '1 in 1,000', '1 in 10,000', '1 in 100,000 or rarer'];

/** What a rarity is called: each whole number of the scale and what lies above it. */
export function rarityMappings() {
  return words.map((text, at) => ({
    type: 'range' as const,
    options: { from: at, to: at === rarityMax ? 1_000 : at + 0.999_999, result: { text, index: at } },
  }));
}
