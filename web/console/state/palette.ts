// What the palette shows for what was typed: every word must be in the title or its hint; titles that begin with it come first.

export interface Choice {
  title: string;
  hint: string;
  act(): void;
}

export function rank(choices: readonly Choice[], asked: string): Choice[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  return choices
    .map((choice, place) => ({ choice, place, points: pointsOf(choice, words) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.place - b.place)
    .map(({ choice }) => choice);
}

/** 0 where a word is missing. */
function pointsOf({ title, hint }: Choice, words: readonly string[]): number {
  let points = 1;
  const [first, second] = [title.toLowerCase(), hint.toLowerCase()];
  for (const word of words) {
    if (first.startsWith(word)) points += 4;
    else if (first.split(/[^\p{L}\p{N}]+/u).some((part) => part.startsWith(word))) points += 3;
    else if (first.includes(word)) points += 2;
    else if (second.includes(word)) points += 1;
    else return 0;
  }
  return points;
}
