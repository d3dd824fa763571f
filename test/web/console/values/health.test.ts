// Health: one mark for each thing, ok only where it was measured and judged, each leading to what it is about.
import { describe, expect, test } from 'vitest';
import { healthOf, type Overview, sayGroup, troubledOf } from '../../../../web/console/values/health.ts';
import type { Meaning } from '../../../../web/console/values/meaning.ts';
import { calm, detector, known, quiet, series, silent, value } from '../overviews.ts';

describe('health', () => {
  const at = (data: Overview, title: string) => healthOf(data).find((group) => group.title === title)!;

  test('an alert marks the thing that its labels name, and nothing else', () => {
    const data = {
      ...calm,
      alerts: known([{ ...quiet, name: 'Memory', severity: 'warning', labels: { instance: 'h1', name: 'api' } }]),
    };
    expect(at(data, 'Containers').tiles.map(({ meaning, words }) => [meaning, words])).toEqual([
      ['warning', 'Memory'],
      ['ok', 'ordinary'],
    ]);
    expect(at(data, 'Machines').tiles[0]!.meaning).toBe('ok');
  });

  test('one that is silenced is a notice, and says so', () => {
    const api = { ...quiet, severity: 'critical', labels: { instance: 'h1', name: 'api' } };
    const data = { ...calm, alerts: known([{ ...api, name: 'Memory' }]) };
    const group = healthOf(data, ({ name }) => name === 'Memory').find(({ title }) => title === 'Containers')!;
    expect(group.tiles[0]).toMatchObject({ meaning: 'notice', words: 'Memory (silenced)' });
    expect(group.tiles[0]!.href).toContain('alert=Memory');
  });

  test('no container seen is not told as none running', () => {
    expect(at({ ...calm, containers: known([]) }, 'Containers').none).toContain('no Docker engine is asked');
    expect(at({ ...calm, gpus: known([]) }, 'GPUs').none).toBeUndefined();
  });

  test('what is not known is unknown, never ok', () => {
    const data = {
      ...calm,
      containers: known([{ instance: 'h1', name: 'api', cpuCores: silent, memoryBytes: value(1) }]),
      gpus: silent,
    };
    expect(at(data, 'Containers').tiles[0]).toMatchObject({
      meaning: 'unknown',
      words: 'unknown: Prometheus does not answer',
    });
    expect(sayGroup(at(data, 'GPUs'))).toBe('unknown');
  });

  const gpu = { instance: 'h1', uuid: 'GPU-1', utilizationRatio: value(0.9), temperatureCelsius: value(70) };
  const ofGpu = (score: number | null, more = {}) =>
    series('', score, { detector: 'gpu', labels: { instance: 'h1', uuid: 'GPU-1' }, ...more });
  const watching = [detector('gpu'), detector('container')];
  test.each([
    {
      given: 'a detector that has not judged',
      items: [ofGpu(null)],
      meaning: 'unknown',
      words: 'not judged: no verdict yet',
    },
    {
      given: 'one that learns',
      items: [ofGpu(null, { warmingSecondsLeft: 9 })],
      meaning: 'unknown',
      words: 'not judged: still learning',
    },
    { given: 'no word of it at all', items: [], meaning: 'unknown', words: 'not judged: no verdict yet' },
    { given: 'an ordinary score', items: [ofGpu(50)], meaning: 'ok', words: 'ordinary' },
    {
      given: 'a raised alert',
      items: [ofGpu(99.9, { alert: { raised: true, sinceSeconds: 1 } })],
      meaning: 'notice',
      words: 'unusual',
    },
  ])('with $given a GPU is $meaning', ({ items, meaning, words }) => {
    const gpus = known([{ ...gpu, powerWatts: value(1) }]);
    const data = { ...calm, gpus, anomalies: { ...calm.anomalies, detectors: watching, items } } as Overview;
    expect(at(data, 'GPUs').tiles[0]).toMatchObject({ meaning, words });
  });

  test('nothing is fine while nobody knows what fires', () => {
    const tiles = [
      ...at({ ...calm, alerts: silent }, 'Machines').tiles,
      ...at({ ...calm, alerts: silent }, 'Containers').tiles,
    ];
    expect(new Set(tiles.map(({ meaning }) => meaning))).toEqual(new Set(['unknown']));
  });

  test('a task of a service is judged by the name that lasts', () => {
    const name = 'shop.1.wkgrlta0jcnd2btftxh0gj5nm';
    const containers = known([{ instance: 'h1', name, cpuCores: value(1), memoryBytes: value(1) }]);
    const data = { ...calm, containers, anomalies: { ...calm.anomalies, items: [series('shop.1', 5)] } } as Overview;
    expect(at(data, 'Containers').tiles[0]).toMatchObject({ meaning: 'ok' });
  });

  test.each([
    { detector: detector('gpu', { warming: 2 }), meaning: 'ok', words: '3 series, 2 still learning' },
    {
      detector: detector('gpu', { prometheusAnswering: false }),
      meaning: 'warning',
      words: 'gets no history from Prometheus',
    },
    { detector: detector('gpu', { ready: false }), meaning: 'notice', words: 'not ready yet' },
    { detector: { ...silent, detector: 'gpu' }, meaning: 'unknown', words: 'Prometheus does not answer' },
  ])('a detector: $words', ({ detector: one, meaning, words }) => {
    const data = { ...calm, anomalies: { ...calm.anomalies, detectors: [one] } } as Overview;
    expect(at(data, 'Detectors').tiles[0]).toMatchObject({ meaning, words });
  });

  test.each([
    { given: 'nothing', data: calm, title: 'Containers', href: '/containers?t.q=api' },
    { given: 'nothing', data: calm, title: 'Machines', href: '/nodes' },
    { given: 'nothing', data: calm, title: 'Detectors', href: '/anomalies?t.q=container' },
    {
      given: 'an alert of the detector',
      data: {
        ...calm,
        anomalies: { ...calm.anomalies, items: [series('api', 99.9, { alert: { raised: true, sinceSeconds: 1 } })] },
      },
      title: 'Containers',
      href: expect.stringContaining('/anomalies/series?detector=container'),
    },
    {
      given: 'two alerts, to the graver',
      data: {
        ...calm,
        alerts: known([
          { ...quiet, name: 'Slow', severity: 'warning', labels: { instance: 'h1', name: 'api' } },
          { ...quiet, name: 'Down', severity: 'critical', labels: { instance: 'h1', name: 'api' } },
        ]),
      },
      title: 'Containers',
      href: expect.stringContaining('/alerts?alert=Down'),
    },
  ])('with $given a mark among $title leads on', ({ data, title, href }) => {
    expect(at(data as Overview, title).tiles[0]!.href).toEqual(href);
  });

  test.each([
    { meanings: ['ok', 'ok'], says: '2' },
    { meanings: ['ok', 'warning', 'notice', 'unknown'], says: '4, 1 in trouble, 1 to look at, 1 unknown' },
    { meanings: ['critical'], says: '1 in trouble' },
    { meanings: ['critical', 'unknown'], says: '2, 1 in trouble, 1 unknown' },
  ] as const)('$says is said of $meanings', ({ meanings, says }) => {
    const tiles = meanings.map((meaning, place) => ({ id: String(place), name: 'x', words: '', meaning }));
    expect(sayGroup({ title: 'Things', tiles, unknown: undefined })).toBe(says);
  });

  test('what is in trouble has its name beside it, gravest first', () => {
    const tile = (name: string, meaning: Meaning) => ({ id: name, name, meaning, words: '' });
    const tiles = [tile('a', 'notice'), tile('b', 'ok'), tile('c', 'critical'), tile('d', 'unknown')];
    expect(troubledOf({ title: '', unknown: undefined, tiles }).map(({ name }) => name)).toEqual(['c', 'a']);
  });
});
