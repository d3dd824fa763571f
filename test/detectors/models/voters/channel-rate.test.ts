// The share of channels that change strangely: none on ordinary rows, the right ones when they jump or wake up.
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { CHANGE_ROWS, fitChannelRate, scoreChannelRate } from '../../../../detectors/models/voters/channel-rate.ts';

const random = createRandom(5);
const made = () => Float32Array.from({ length: 4 * 1000 }, (_, index) => (index % 4 === 3 ? 7 : random()));
const rows = made();
const rate = fitChannelRate(rows, 4);

test('ordinary rows hardly count', () => {
  const counted = Array.from({ length: 500 }, (_, index) => scoreChannelRate(rate, rows, 400 + index));
  expect(counted.reduce((sum, share) => sum + share, 0) / 500).toBeLessThan(0.02);
});

test.each([
  { given: 'one channel jumps', channels: [0], expected: 0.25 },
  { given: 'two channels jump', channels: [0, 2], expected: 0.5 },
  { given: 'the constant one wakes up', channels: [3], expected: 0.25 },
])('$given', ({ channels, expected }) => {
  const jumped = rows.slice();
  for (let row = 990; row < 1000; row++) for (const channel of channels) jumped[row * 4 + channel] = 9;
  expect(scoreChannelRate(rate, jumped, 993)).toBe(expected);
});

test('a start too short and a gap are silent', () => {
  expect(scoreChannelRate(rate, rows, CHANGE_ROWS - 1)).toBeNaN();
  const holed = rows.slice();
  holed.fill(Number.NaN, 4 * 995, 4 * 996);
  expect(scoreChannelRate(rate, holed, 1000)).toBeNaN();
});
