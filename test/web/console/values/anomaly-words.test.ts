// Anomalies in words: a sentence that holds only what is known.
import { expect, test } from 'vitest';
import {
  type Anomaly,
  anomalyHref,
  entityKey,
  entityName,
  metricName,
  sentenceAt,
  sentenceOf,
} from '../../../../web/console/values/anomaly-words.ts';

const memory: Anomaly = {
  ...{ detector: 'container', labels: { instance: 'h1', name: 'api' }, metric: 'memory', unit: 'bytes', mode: 'model' },
  ...{ reason: null, warmingSecondsLeft: null, value: 2_040_109_466, score: 99.975, rarity: '1 in 4,000' },
  ...{
    expectedLow: 1_181_116_006,
    expectedHigh: 1_395_864_371,
    alert: null,
    lastSampleSeconds: 1,
    lastEvaluationSeconds: 1,
  },
  contributions: [{ feature: 'growth', share: 0.71, words: 'Memory growth: 71 % of the score' }],
};

test.each([
  {
    given: 'all known',
    series: memory,
    says: 'Memory 1.9 GiB, usually 1.1–1.3 GiB. Memory growth: 71 % of the score.',
  },
  {
    given: 'a reason in small letters',
    series: {
      ...memory,
      expectedLow: null,
      contributions: [{ ...memory.contributions[0]!, words: 'level: all of it' }],
    },
    says: 'Memory 1.9 GiB. Level: all of it.',
  },
  {
    given: 'a band that reaches below what can be',
    series: { ...memory, expectedLow: -5_000_000, contributions: [] },
    says: 'Memory 1.9 GiB, usually 0 B – 1.3 GiB.',
  },
  { given: 'no band', series: { ...memory, expectedLow: null, contributions: [] }, says: 'Memory 1.9 GiB.' },
  {
    given: 'a band of two units',
    series: { ...memory, expectedLow: 1_048_576, contributions: [] },
    says: 'Memory 1.9 GiB, usually 1 MiB – 1.3 GiB.',
  },
  {
    given: 'nothing known',
    series: {
      ...memory,
      value: null,
      expectedLow: null,
      mode: 'unknown' as const,
      reason: 'no sample for 3 min',
      contributions: [],
    },
    says: 'Memory. Not judged: no sample for 3 min.',
  },
])('$given', ({ series, says }) => {
  expect(sentenceOf(series)).toBe(says);
});

const silence = { score: [], value: [], expectedLow: [], expectedHigh: [], alert: [], contributions: [] };
const gib = 2 ** 30;
const spent = {
  ...silence,
  value: [
    [60, gib],
    [125, 2 * gib],
    [180, gib],
  ] as [number, number][],
  expectedLow: [[120, 1.1 * gib]] as [number, number][],
  expectedHigh: [[120, 1.3 * gib]] as [number, number][],
  contributions: [
    { feature: 'cpu', share: [[120, 0.2]] as [number, number][] },
    { feature: 'rss_growth', share: [[120, 0.71]] as [number, number][] },
  ],
};

test.each([
  {
    given: 'all known',
    at: 120,
    past: spent,
    says: 'Memory 2 GiB, usually 1.1–1.3 GiB. Rss growth: 71 % of the score.',
  },
  { given: 'the value alone', at: 60, past: spent, says: 'Memory 1 GiB.' },
  { given: 'a minute without a point', at: 300, past: spent, says: undefined },
  { given: 'nothing known', at: 60, past: silence, says: undefined },
  {
    given: 'no value, as of all together',
    at: 120,
    past: { ...spent, value: [], expectedLow: [] },
    says: 'Memory. Rss growth: 71 % of the score.',
  },
])('of a minute with $given', ({ at, past, says }) => {
  expect(sentenceAt(memory, past, at)).toBe(says);
});

test('entities have the name that people know', () => {
  expect(
    [{ instance: 'h1', name: 'api' }, { instance: 'h1', device: 'sda' }, { instance: 'h1' }, { odd: 'x' }, {}].map(
      (labels) => entityName(labels as Record<string, string>),
    ),
  ).toEqual(['api', 'sda', 'h1', 'x', 'this machine']);
  expect(entityName({ instance: 'h1', uuid: 'GPU-8d2c9f1e-52a7-4b19-9d3e-6f0b1f0a2c11' })).toBe('GPU-8d2c9f1e');
  expect([metricName('_all'), metricName('network_receive')]).toEqual(['All metrics together', 'Network receive']);
});

test('one entity is one, whatever the order of its labels; its page is found with all of them', () => {
  const turned = { ...memory, labels: { name: 'api', instance: 'h1' } };
  expect(entityKey(turned)).toBe(entityKey(memory));
  const query = new URL(anomalyHref(memory), 'http://c').searchParams;
  expect(JSON.parse(query.get('labels')!)).toEqual({ instance: 'h1', name: 'api', metric: 'memory' });
});
