// The text of recordings: read strictly, written in full.
import { describe, expect, test } from 'vitest';
import { formatResult, parseManifest, parseRecording } from '../../../detectors/replay/recording.ts';

const entry = { set: 'made', name: 'wave-1', rows: 3, n_train: 1, step_seconds: 60 };

test('a manifest keeps what is needed of each series', () => {
  expect(parseManifest(JSON.stringify([{ ...entry, dims: 1, anomalies: 4 }]))).toEqual([entry]);
});

test.each([
  { given: 'no list', text: '{}', says: 'not a list' },
  { given: 'a path for a name', text: JSON.stringify([{ ...entry, name: '../etc' }]), says: 'no usable set and name' },
  { given: 'no rows', text: JSON.stringify([{ ...entry, rows: undefined }]), says: 'lacks rows' },
])('$given is refused', ({ text, says }) => {
  expect(() => parseManifest(text)).toThrow(says);
});

describe('a recording', () => {
  test('has its channels and no label', () => {
    const recording = parseRecording('timestamp,v0,v1,label\n100,1,2,0\n160,,4,1\n200,5,6,0\n', entry);
    expect(recording.startSeconds).toBe(100);
    expect(recording.stepSeconds).toBe(60);
    expect(recording.trainingRows).toBe(1);
    expect(recording.channels.map((values) => [...values])).toEqual([
      [1, Number.NaN, 5],
      [2, 4, 6],
    ]);
  });
  test('may come without labels', () => {
    expect(parseRecording('timestamp,v0\n100,1\n', entry).channels.length).toBe(1);
  });
  test('without a header is refused', () => {
    expect(() => parseRecording('1,2,3\n', entry)).toThrow('no header');
  });
});

test('a result is one line a row, empty before the first score, with every digit', () => {
  const score = Float64Array.from([Number.NaN, 99.99999999999]);
  const alert = Float64Array.from([Number.NaN, 0.25]);
  expect(formatResult({ score, alert })).toBe('score,alert\n,\n99.99999999999,0.25\n');
});
