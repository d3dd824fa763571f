// What is exported: names and labels that dashboards and rules rely on, and no number where nothing is known.
import { beforeEach, describe, expect, test } from 'vitest';
import { renderExposition } from '../../core/lib/promtext.ts';
import { metrics, samplesOf } from '../../detectors/exposition.ts';
import { createLimit } from '../../detectors/limit.ts';
import { learn } from '../../detectors/training/learn.ts';
import { tick, type Watched } from '../../detectors/watch.ts';
import { type FakePorts, fakePorts, settings, watching, wave } from '../fakes/detector.ts';

const start = 1_800_000_000;
let watched: Watched;
let ports: FakePorts;
beforeEach(async () => {
  watched = watching();
  ports = fakePorts({ load: [wave('a')], depth: [wave('a')] }, start);
  await at(start);
});
async function at(time: number): Promise<void> {
  ports.clock.now = time;
  await tick(watched, time, ports, settings, createLimit(4, 10));
}
const said = (now: number) => samplesOf(watched.state, settings, now);
const named = (now: number, name: string) => said(now).filter((sample) => sample.name === name);
const modeOf = (now: number, metric: string) =>
  named(now, 'anomaly_detector_mode')
    .filter(({ labels, value }) => labels.metric === metric && value === 1)
    .map(({ labels }) => labels.mode);

describe('every series', () => {
  test('has exactly one mode', async () => {
    const samples = named(start, 'anomaly_detector_mode');
    expect(samples).toHaveLength(9);
    for (const metric of ['load', 'depth', '_all']) expect(modeOf(start, metric)).toEqual(['statistical']);
  });

  test('carries detector, the entity and its metric', () => {
    expect(named(start, 'anomaly_score').map(({ labels }) => labels)).toEqual(
      ['load', 'depth', '_all'].map((metric) => ({ detector: 'container', instance: 'here', name: 'a', metric })),
    );
  });

  test('with a model says when and on how many rows it was trained', async () => {
    expect(named(start, 'anomaly_model_trained_timestamp_seconds')).toEqual([]);
    await learn(watched, { modelKey: 'a', train: true }, [], ports, settings);
    await at(start + 60);
    expect(modeOf(start + 60, 'load')).toEqual(['model']);
    expect(named(start + 60, 'anomaly_model_trained_timestamp_seconds').map(({ value }) => value)).toEqual([
      start,
      start,
      start,
    ]);
    for (const { value } of named(start + 60, 'anomaly_model_samples')) expect(value).toBeGreaterThan(1_400);
    expect(named(start + 60, 'anomaly_feature_contribution').length).toBeGreaterThan(2);
    expect(named(start + 60, 'anomaly_expected_low').length).toBe(2);
    const shown = named(start + 60, 'anomaly_observed').map(({ labels, value }) => [labels.metric, value]);
    expect(shown).toEqual([
      ['load', wave('a').valueAt(start + 60)],
      ['depth', wave('a').valueAt(start + 60)],
    ]);
  });
});

describe('unknown', () => {
  test('has no score, no alert, no band; its evaluation time stands still', async () => {
    ports.prometheus.failure = new Error('down');
    await at(start + 15);
    for (const name of ['score', 'alert', 'observed', 'expected_low', 'feature_contribution'])
      expect(named(start + 15, `anomaly_${name}`)).toEqual([]);
    expect(modeOf(start + 15, 'load')).toEqual(['unknown']);
    expect(new Set(named(start + 15, 'anomaly_last_evaluation_timestamp_seconds').map(({ value }) => value))).toEqual(
      new Set([start]),
    );
  });

  test.each([
    { given: '45 s after the last evaluation', later: 45, scores: 3 },
    { given: '46 s after it: the loop hangs', later: 46, scores: 0 },
    { given: 'an hour before it: the clock was set back', later: -3600, scores: 0 },
  ])('$given', ({ later, scores }) => {
    expect(named(start + later, 'anomaly_score')).toHaveLength(scores);
    expect(modeOf(start + later, '_all')).toEqual([scores > 0 ? 'statistical' : 'unknown']);
  });
});

test('totals are there from the start, as 0', () => {
  const empty = samplesOf(watching().state, settings, start);
  const zero = empty.filter(({ value }) => value === 0).map(({ name }) => name);
  for (const name of ['anomaly_detection_errors_total', 'anomaly_overflow_total', 'anomaly_model_refusals_total'])
    expect(zero).toContain(name);
});

test('no sample is NaN, none is twice, and all are declared', async () => {
  const samples = said(start);
  expect(samples.filter(({ value }) => Number.isNaN(value))).toEqual([]);
  const lines = renderExposition(metrics, samples)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toHaveLength(samples.length);
  expect(new Set(lines.map((line) => line.replace(/ [^ ]*$/, ''))).size).toBe(lines.length);
});
