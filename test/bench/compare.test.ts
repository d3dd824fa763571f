// What counts as agreement between two exporters: a comparison that forgives too much would prove nothing.
import { expect, test } from 'vitest';
import { compare, type Rules } from './compare.ts';

const rules: Rules = { compared: () => true, mayLack: () => false, grown: (name) => name.startsWith('grown') };
const text = (type: string, name: string, value: number) => `# TYPE ${name} ${type}\n${name} ${value}\n`;
const round = (type: string, name: string, [before, peer, after]: readonly number[]) => ({
  before: text(type, name, before!),
  peer: text(type, name, peer!),
  after: text(type, name, after!),
});

test.each([
  { type: 'counter', name: 'a_total', rounds: [[100, 101, 102]], agrees: true },
  { type: 'counter', name: 'a_total', rounds: [[100, 100.5, 100]], agrees: false },
  {
    type: 'counter',
    name: 'a_total',
    rounds: [
      [100, 99, 100],
      [100, 100, 101],
    ],
    agrees: true,
  },
  { type: 'gauge', name: 'a', rounds: [[100, 100.9, 100]], agrees: true },
  {
    type: 'gauge',
    name: 'a',
    rounds: [
      [100, 102, 100],
      [200, 204, 200],
    ],
    agrees: false,
  },
  {
    type: 'counter',
    name: 'grown_total',
    rounds: [
      [1e6, 5, 1e6],
      [1e6 + 1e5, 1e5 + 5, 1e6 + 1e5],
    ],
    agrees: true,
  },
  {
    type: 'counter',
    name: 'grown_total',
    rounds: [
      [1e6, 5, 1e6],
      [1e6 + 1e5, 2e5, 1e6 + 1e5],
    ],
    agrees: false,
  },
])('$type $name $rounds agrees: $agrees', ({ type, name, rounds, agrees }) => {
  const { disagreements, sharedNames, sharedSeries } = compare(
    rounds.map((one) => round(type, name, one)),
    rules,
  );
  expect({ sharedNames, sharedSeries, disagreeing: disagreements.length }).toEqual({
    sharedNames: 1,
    sharedSeries: agrees ? 1 : 0,
    disagreeing: agrees ? 0 : 1,
  });
});

test('a name that ours lacks is told', () => {
  const lacking = { before: text('gauge', 'b', 1), peer: text('gauge', 'a', 1), after: text('gauge', 'b', 1) };
  expect(compare([lacking], rules).missingNames).toEqual(['a']);
});
