// Lines of a log as they are looked at: a search, lines that are open, the line of the arrow keys, and a log that stands still while it is held.
import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../../../core/contracts/logs.ts';
import { LogFeed } from '../../../../web/console/state/log-feed.svelte.ts';
import { LogLines, lineHeight } from '../../../../web/console/state/log-lines.svelte.ts';
import { fakePorts } from '../ports.ts';

async function looked(texts: readonly string[], search = '') {
  const ports = fakePorts();
  let past: readonly string[] = [];
  const page = () => ({ items: past.map(line), older: 'none', newer: true, completeFrom: null, notes: [] });
  const feed = new LogFeed(ports, {
    refresh: () => Promise.resolve(true),
    get: () => Promise.resolve(page()) as never,
  });
  feed.open('/logs');
  const add = async (more: readonly string[]) => {
    ports.streams.get('/logs')!.event('lines', more.map(line));
    await ports.pass(0.2);
  };
  let wanted = search;
  const lines = new LogLines(
    () => feed,
    () => wanted,
  );
  lines.height = 10 * lineHeight;
  await add(texts);
  const find = (text: string) => {
    wanted = text;
  };
  const older = (more: readonly string[]) => {
    past = more;
    return feed.loadOlder();
  };
  return { feed, lines, add, find, older };
}

const line = (text: string): LogLine => ({
  ...{ time: `of ${text}`, replica: 'api.1', stream: 'stdout', level: 'info', cut: false, text },
});
const many = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `line ${from + index}`);
const textOf = (lines: LogLines) => lines.chosenEntry?.line.text;

describe('what is drawn', () => {
  test('of 10,000 lines a few dozen', async () => {
    const { lines } = await looked(many(10_000));
    lines.scrollTop = 5_000 * lineHeight;
    expect(lines.drawn.length).toBeLessThan(40);
    expect(lines.drawn.map(({ line: { text } }) => text)).toContain('line 5000');
    expect(lines.part.before + lines.part.after + lines.drawn.length * lineHeight).toBe(10_000 * lineHeight);
  });

  test('a search looks into what belongs to a line, too', async () => {
    const { lines } = await looked(['one', 'two', '    at three', 'four'], 'THREE');
    expect(lines.shown.map(({ line: { text } }) => text)).toEqual(['two']);
  });

  test('a line that is open takes as much room as there is of it; one without more does not open', async () => {
    const { lines, feed } = await looked(['{"a":1,"b":2}', 'plain']);
    const [json, plain] = lines.shown;
    lines.toggle(json!);
    lines.toggle(plain!);
    expect([lines.isOpen(json!), lines.isOpen(plain!), feed.following]).toEqual([true, false, false]);
    expect([...lines.edges]).toEqual([0, 5 * lineHeight, 6 * lineHeight]);
    lines.toggle(json!);
    expect([...lines.edges]).toEqual([0, lineHeight, 2 * lineHeight]);
  });
});

describe('the arrow keys', () => {
  test('begin in sight, go on line by line, and hold the log', async () => {
    const { lines, feed } = await looked(many(100));
    lines.scrollTop = 50 * lineHeight;
    expect([lines.step(1), textOf(lines), feed.following]).toEqual([undefined, 'line 50', false]);
    expect([lines.step(1), textOf(lines)]).toEqual([undefined, 'line 51']);
    lines.chosen = undefined;
    expect([lines.step(-1), textOf(lines)]).toEqual([undefined, 'line 59']);
  });

  test('scroll as far as is needed', async () => {
    const { lines } = await looked(many(100));
    lines.scrollTop = 50 * lineHeight;
    lines.step(1);
    expect([lines.step(-1), textOf(lines)]).toEqual([49 * lineHeight, 'line 49']);
    lines.scrollTop = 49 * lineHeight;
    for (let step = 0; step < 9; step++) expect(lines.step(1)).toBeUndefined();
    expect([lines.step(1), textOf(lines)]).toEqual([50 * lineHeight, 'line 59']);
  });

  test('stop at the ends and jump to them', async () => {
    const { lines } = await looked(many(100));
    expect([lines.step(100), textOf(lines)]).toEqual([90 * lineHeight, 'line 99']);
    lines.scrollTop = 90 * lineHeight;
    expect([lines.step(1), textOf(lines)]).toEqual([undefined, 'line 99']);
    expect([lines.step(-100), textOf(lines)]).toEqual([0, 'line 0']);
  });

  test('have nowhere to go in an empty log', async () => {
    const { lines } = await looked([]);
    expect([lines.step(1), lines.chosenEntry]).toEqual([undefined, undefined]);
  });
});

describe('a log that is held', () => {
  test('goes up by what fell out at its top, and by nothing else', async () => {
    const { lines, add } = await looked(many(9_990));
    expect(lines.takeShift()).toBe(0);
    lines.scrollTop = 100 * lineHeight;
    await add(many(5, 9_990));
    expect(lines.takeShift()).toBe(0);
    await add(many(9, 9_995));
    expect(lines.takeShift()).toBe(-4 * lineHeight);
    expect(lines.takeShift()).toBe(0);
  });

  test('goes down by what comes above it; what is open above counts as high as it is', async () => {
    const { lines, older } = await looked(['{"a":1}', ...many(50)]);
    lines.toggle(lines.shown[0]!);
    lines.scrollTop = 10 * lineHeight;
    lines.takeShift();
    await older(many(7, 100));
    expect(lines.takeShift()).toBe(7 * lineHeight);
    expect(lines.edges.at(-1)).toBe((7 + 1 + 3 + 50) * lineHeight);
  });

  test('stays with the next line where the topmost became a part of an older one', async () => {
    const { lines, older } = await looked(['    at the end of a trace', ...many(50)]);
    lines.takeShift();
    await older(['before', 'Error']);
    // The second line stood below one other, and now stands below two.
    expect(lines.takeShift()).toBe(lineHeight);
  });

  test('another search is no reason to move', async () => {
    const { lines, find } = await looked(many(100));
    lines.takeShift();
    find('line 99');
    expect(lines.takeShift()).toBe(0);
  });
});

test('a line is brought to the middle; one that is not shown is nowhere', async () => {
  const { lines } = await looked(many(100));
  expect([lines.middleOf(51), lines.middleOf(1), lines.middleOf(1_000)]).toEqual([45 * lineHeight, 0, undefined]);
});
