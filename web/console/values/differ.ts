// What changed between two texts, line by line, as people read a difference.

export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
  /** Line numbers before and after, from 1; undefined on the side where the line is not. */
  before: number | undefined;
  after: number | undefined;
}

/** Beyond this many pairs the middle is shown as taken out and put in, which is true as well. */
const cellsMax = 4_000_000;

/**
 * Longest common subsequence of lines (Hirschberg's table, held whole: texts here have hundreds of lines). Equal beginnings and ends are
 * set aside first. O(n · m) time and memory of what is left in between.
 */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const [oldMiddle, nowMiddle] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const kinds = [
    ...Array<DiffLine['kind']>(head).fill('same'),
    ...middle(oldMiddle, nowMiddle),
    ...Array<DiffLine['kind']>(tail).fill('same'),
  ];
  let [a, b] = [0, 0];
  return kinds.map((kind) => ({
    kind,
    text: kind === 'new' ? now[b]! : old[a]!,
    before: kind === 'new' ? undefined : ++a,
    after: kind === 'gone' ? undefined : ++b,
  }));
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function middle(old: readonly string[], now: readonly string[]): DiffLine['kind'][] {
  const width = now.length + 1;
  if (old.length * now.length > cellsMax) return [...old.map(() => 'gone' as const), ...now.map(() => 'new' as const)];
  const common = new Uint32Array((old.length + 1) * width);
  for (let a = old.length - 1; a >= 0; a--) {
    for (let b = now.length - 1; b >= 0; b--) {
      const down = common[(a + 1) * width + b]!;
      const right = common[a * width + b + 1]!;
      common[a * width + b] = old[a] === now[b] ? common[(a + 1) * width + b + 1]! + 1 : Math.max(down, right);
    }
  }
  const kinds: DiffLine['kind'][] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      kinds.push('same');
      a++;
      b++;
    } else if (b === now.length || (a < old.length && common[(a + 1) * width + b]! >= common[a * width + b + 1]!)) {
      kinds.push('gone');
      a++;
    } else {
      kinds.push('new');
      b++;
    }
  }
  return kinds;
}
