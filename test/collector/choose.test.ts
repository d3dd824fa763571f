// Settings switch sources off and on and change their pace; a name that is no source is refused.
import { expect, test } from 'vitest';
import { chooseSources } from '../../collector/choose.ts';
import type { Source } from '../../collector/source.ts';

const source = (name: string, more: Partial<Source> = {}): Source => ({ name, metrics: [], read: () => [], ...more });
const all = [source('cpu'), source('gpu', { intervalSeconds: 15 }), source('interrupts', { optional: true })];
const none = { sourcesOff: [], sourcesOn: [], intervals: new Map<string, number>() };
const named = (sources: Source[]) => sources.map(({ name, intervalSeconds }) => `${name} ${intervalSeconds ?? '-'}`);

test.each([
  { given: 'nothing set', choice: none, gives: ['cpu -', 'gpu 15'] },
  { given: 'one off', choice: { ...none, sourcesOff: ['cpu'] }, gives: ['gpu 15'] },
  {
    given: 'an optional one on',
    choice: { ...none, sourcesOn: ['interrupts'] },
    gives: ['cpu -', 'gpu 15', 'interrupts -'],
  },
  {
    given: 'off wins over on',
    choice: { ...none, sourcesOn: ['interrupts'], sourcesOff: ['interrupts'] },
    gives: ['cpu -', 'gpu 15'],
  },
  {
    given: 'other paces',
    choice: {
      ...none,
      intervals: new Map([
        ['gpu', 60],
        ['cpu', 5],
      ]),
    },
    gives: ['cpu 5', 'gpu 60'],
  },
])('$given', ({ choice, gives }) => {
  expect(named(chooseSources(all, choice))).toEqual(gives);
});

test('every unknown name is told, with what there is', () => {
  const choice = { sourcesOff: ['cpus'], sourcesOn: ['irq'], intervals: new Map([['gpus', 1]]) };
  expect(() => chooseSources(all, choice)).toThrow(
    'No source is called cpus, irq, gpus; there are cpu, gpu, interrupts.',
  );
});

test('a source at another pace still reads what it read, and follows its list of metrics', () => {
  const base = source('textfile', { read: () => [{ name: 'a', labels: {}, value: 1 }] });
  const [chosen] = chooseSources([base], { ...none, intervals: new Map([['textfile', 5]]) });
  base.metrics = [{ name: 'a', type: 'gauge', help: 'A.' }];
  expect(chosen!.metrics).toHaveLength(1);
  expect(chosen!.read({} as never)).toHaveLength(1);
});
