// The doctor's report on a page: what is wrong stands first, and the sentence counts what a person has to look at.
import { expect, test } from 'vitest';
import type { Finding } from '../../../../core/contracts/doctor.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { DoctorPage, meaningOfFinding } from '../../../../web/console/state/doctor.svelte.ts';
import { fakePorts, fakeServer, problem } from '../ports.ts';

const finding = (name: string, state: Finding['state']): Finding => ({ name, state, says: name });
const report = (...findings: Finding[]) => ({ body: { atSeconds: 1, findings } });

async function pageOf(told: Parameters<typeof fakeServer>[0][string]) {
  const page = new DoctorPage(new App(fakePorts(fakeServer({ 'GET /doctor': told }))));
  await page.query.refresh();
  return page;
}

test.each([
  {
    given: 'all is fine',
    findings: [finding('memory', 'ok'), finding('disk', 'ok')],
    first: 'memory',
    says: 'All 2 checks are fine.',
  },
  {
    given: 'one of each',
    findings: [finding('a', 'ok'), finding('b', 'unknown'), finding('c', 'warn'), finding('d', 'fail')],
    first: 'd',
    says: 'Of 4 checks 1 failed, 1 to look at, 1 unknown.',
  },
  {
    given: 'something nobody knows',
    findings: [finding('a', 'ok'), finding('b', 'unknown')],
    first: 'b',
    says: 'Of 2 checks 1 unknown.',
  },
])('$given', async ({ findings, first, says }) => {
  const page = await pageOf(report(...findings));
  expect([page.findings[0]?.name, page.sentence]).toEqual([first, says]);
});

test('a report that could not be had is no report', async () => {
  const page = await pageOf(problem(403, 'not-allowed'));
  expect([page.query.face, page.sentence, page.findings]).toEqual(['refused', undefined, []]);
});

test('unknown is neither fine nor wrong', () => {
  expect((['fail', 'warn', 'unknown', 'ok'] as const).map((state) => meaningOfFinding(finding('x', state)))).toEqual([
    ...['critical', 'warning', 'unknown', 'ok'],
  ]);
});
