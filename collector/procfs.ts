// Shapes that many files of /proc share: lines, columns, `key: value` pairs.

/** Lines without the empty ones. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Columns separated by any run of blanks. */
export function columnsOf(line: string): string[] {
  const trimmed = line.trim();
  return trimmed === '' ? [] : trimmed.split(/\s+/);
}

/** `key: value` lines as a map, both sides trimmed; lines without a colon are left out, the first of a repeated key wins. */
export function pairsOf(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const key = line.slice(0, colon).trim();
    if (!pairs.has(key)) pairs.set(key, line.slice(colon + 1).trim());
  }
  return pairs;
}
