// Threats and processes: silence is unknown and never clean, what is allowed is listed and not counted.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { ProcessesPage } from '../../../../web/console/state/processes.svelte.ts';
import { meaningOfTier, wordsOf } from '../../../../web/console/values/threat-words.ts';
import { fakePorts } from '../ports.ts';

const threat = {
  ...{ pid: 7, tier: 'critical', category: 'reverse_shells', score: 95, techniques: ['T1059.004'] },
  ...{ reasons: ['stdio is one socket'], commandLine: 'bash -i', container: null },
};
const report = (threats: object[]) => ({
  state: 'known',
  items: [{ instance: 'one', takenAtSeconds: 1, scanGapSeconds: 30, threats, omitted: 0 }],
});

async function pageWith(answer: object, address = '/processes') {
  const ports = fakePorts(({ path }) => (path.startsWith('/threats') ? { body: answer } : { body: {} }), address);
  const page = new ProcessesPage(new App(ports));
  await page.threatQuery.refresh();
  return page;
}

describe('the sentence of state', () => {
  test.each([
    { given: 'no report', answer: { state: 'known', items: [] }, says: /is unknown\.$/ },
    { given: 'no detector', answer: { state: 'unknown', reason: 'It is down.' }, says: /is unknown\.$/ },
    { given: 'nothing found', answer: report([]), says: /^No process looks like a threat\.$/ },
    { given: 'one, critical', answer: report([threat]), says: /^1 process looks like a threat, 1 of them critical\.$/ },
    {
      given: 'two, low',
      answer: report([1, 2].map((pid) => ({ ...threat, pid, tier: 'low' }))),
      says: /^2 processes look like a threat, none/,
    },
    {
      given: 'an allowed one',
      answer: report([{ ...threat, allowedBy: 'x' }]),
      says: /^No process looks like a threat/,
    },
  ])('$given', async ({ answer, says }) => {
    expect((await pageWith(answer)).sentence).toMatch(says);
  });
});

test('why nobody knows stands below, once', async () => {
  expect((await pageWith({ state: 'unknown', reason: 'It is down.' })).unknown).toBe('It is down.');
  expect((await pageWith({ state: 'known', items: [] })).unknown).toContain('No machine has sent a report yet');
  expect((await pageWith(report([]))).unknown).toBeUndefined();
});

test('what is allowed is still listed, the strongest evidence first', async () => {
  const page = await pageWith(
    report([
      { ...threat, pid: 1, score: 20 },
      { ...threat, pid: 2, allowedBy: 'x' },
    ]),
  );
  expect(page.threatTable.visible.map(({ pid }) => pid)).toEqual([2, 1]);
  expect(page.counted.map(({ pid }) => pid)).toEqual([1]);
});

test('the view stands in the address', async () => {
  expect((await pageWith(report([]))).tab).toBe('threats');
  expect((await pageWith(report([]), '/processes?tab=processes')).tab).toBe('processes');
  expect((await pageWith(report([]), '/processes?tab=allowed')).tab).toBe('allowed');
  expect((await pageWith(report([]), '/processes?tab=nonsense')).tab).toBe('threats');
});

test('tiers and categories as people read them', () => {
  expect(['critical', 'medium', 'low'].map((tier) => meaningOfTier(tier as 'low'))).toEqual([
    'critical',
    'warning',
    'notice',
  ]);
  expect(wordsOf('reverse_shells')).toBe('reverse shell');
});
