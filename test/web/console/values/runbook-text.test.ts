// Runbooks as blocks: what is a step is a step, what is typed is told apart, and markup stays text.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blocksOf } from '../../../../web/console/values/runbook-text.ts';

const plain = (text: string) => [{ code: false, text }];

test.each([
  { given: 'nothing', text: ' \n\n', blocks: [] },
  { given: 'lines of one paragraph', text: 'one\ntwo', blocks: [{ kind: 'paragraph', items: [plain('one two')] }] },
  {
    given: 'steps, one of them over two lines',
    text: '1. look\n   closer\n2. act',
    blocks: [{ kind: 'steps', items: [plain('look closer'), plain('act')] }],
  },
  { given: 'points', text: '- a\n- b', blocks: [{ kind: 'points', items: [plain('a'), plain('b')] }] },
  {
    given: 'a command',
    text: 'Run `df -h` now.',
    blocks: [
      {
        kind: 'paragraph',
        items: [
          [
            { code: false, text: 'Run ' },
            { code: true, text: 'df -h' },
            { code: false, text: ' now.' },
          ],
        ],
      },
    ],
  },
  { given: 'markup', text: '<b>x</b>', blocks: [{ kind: 'paragraph', items: [plain('<b>x</b>')] }] },
])('$given', ({ text, blocks }) => {
  expect(blocksOf(text)).toEqual(blocks);
});

test('no runbook that ships uses markup that would be shown raw', () => {
  const folder = join(import.meta.dirname, '../../../../alerts/runbooks');
  for (const name of readdirSync(folder)) {
    const sections = readFileSync(join(folder, name), 'utf8')
      .split(/^## .*$/m)
      .slice(1);
    const words = sections.flatMap((section) => blocksOf(section).flatMap(({ items }) => items.flat()));
    const raw = words.filter(({ code, text }) => !code && /\*\*|```|\]\(|^#|\|/.test(text)).map(({ text }) => text);
    expect(raw, name).toEqual([]);
  }
});
