// What people said: remembered for training, and an alert that was expected closes.
import { expect, test } from 'vitest';
import { type Judged, takeFeedback } from '../../detectors/feedback.ts';
import { openSeriesTrack, openTrack } from '../../detectors/track.ts';
import { watching } from '../fakes/detector.ts';

const labels = { detector: 'container', instance: 'here', name: 'a', metric: 'load' };

test.each([
  { given: 'expected', labels, expected: true, judged: 1, raised: false },
  { given: 'not expected', labels, expected: false, judged: 1, raised: true },
  {
    given: 'expected of another metric',
    labels: { ...labels, metric: 'depth' },
    expected: true,
    judged: 1,
    raised: true,
  },
  {
    given: 'a word to another detector',
    labels: { ...labels, detector: 'disk' },
    expected: true,
    judged: 0,
    raised: true,
  },
  { given: 'labels that name nothing', labels: { detector: 'container' }, expected: true, judged: 0, raised: true },
])('$given', (item) => {
  const { state } = watching();
  const track = openTrack({ key: 'a', labels: {}, modelKey: 'a' }, 2, 0);
  track.series[0] = openSeriesTrack('load');
  track.series[0].latch.raisedAtSeconds = 50;
  state.tracks.set('a', track);
  const judged: Judged[] = [];
  takeFeedback(state, judged, [{ labels: item.labels, start: 0, end: 100, expected: item.expected }]);
  expect(judged).toHaveLength(item.judged);
  expect(track.series[0].latch.raisedAtSeconds !== undefined).toBe(item.raised);
});

test('the memory is bounded', () => {
  const judged: Judged[] = [];
  const items = Array.from({ length: 5_000 }, (_, start) => ({ labels, start, end: start + 1, expected: true }));
  takeFeedback(watching().state, judged, items);
  expect([judged.length, judged.at(-1)!.startSeconds]).toEqual([2_000, 4_999]);
});
