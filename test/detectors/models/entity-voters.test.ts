// The voters of an entity: all speak on ordinary rows, and each hears what it is there for.
import { expect, test } from 'vitest';
import { scaleChannels, scaledValue } from '../../../detectors/models/entity-rows.ts';
import {
  ENTITY_VOTERS,
  fitEntityVoters,
  readEntityVotes,
  withoutEntityFold,
} from '../../../detectors/models/entity-voters.ts';
import { busyHost } from './made-series.ts';

const channels = busyHost(1200);
const scales = scaleChannels(channels);
const scaled = (from: readonly Float64Array[]) => {
  const rows = new Float32Array(from.length * from[0]!.length);
  from.forEach((values, c) => {
    values.forEach((value, row) => {
      rows[row * from.length + c] = scaledValue(scales, c, value);
    });
  });
  return rows;
};
const rows = scaled(channels);
const voters = fitEntityVoters(rows, channels, scales, 1);

function votesAt(row: number, from = channels, by = voters) {
  const into = new Float64Array(ENTITY_VOTERS.length);
  const parts = ENTITY_VOTERS.map(() => new Float64Array(from.length));
  const values = from.map((channel) => channel[row]!);
  readEntityVotes(by, scales, { rows: scaled(from), end: row + 1, values }, into, parts, 50);
  return { votes: [...into], parts };
}

test('all speak on an ordinary row, in the first rows only those that look at one', () => {
  expect(votesAt(800).votes.every(Number.isFinite)).toBe(true);
  const early = votesAt(2).votes.map(Number.isNaN);
  expect(ENTITY_VOTERS.filter((_, voter) => early[voter])).toEqual(['window', 'nearest-5', 'rate']);
});

test('a channel that leaves the others is heard and named', () => {
  const broken = channels.map((values) => values.slice());
  for (let row = 790; row <= 800; row++) broken[1]![row]! += 1.5;
  const { votes, parts } = votesAt(800, broken);
  const usual = votesAt(800).votes;
  for (const name of ['window', 'nearest', 'nearest-5', 'range'] as const) {
    const voter = ENTITY_VOTERS.indexOf(name);
    const part = parts[voter]!;
    expect(votes[voter], name).toBeGreaterThan(usual[voter]!);
    expect(part.indexOf(Math.max(...part)), name).toBe(1);
  }
});

test('a fold left out changes the window voter alone', () => {
  const { window, ...others } = withoutEntityFold(voters, rows, 4, [100, 400]);
  expect(voters).toMatchObject(others);
  expect(window).not.toEqual(voters.window);
});
