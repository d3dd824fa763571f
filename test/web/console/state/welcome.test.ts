// The first run after the admin: what is said of the machine is what is known, and every step can be skipped.
import { describe, expect, test } from 'vitest';
import { noNotifications } from '../../../../core/contracts/notifications.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import type { SessionView } from '../../../../web/console/state/session.svelte.ts';
import { WelcomePage } from '../../../../web/console/state/welcome.svelte.ts';
import type { Overview } from '../../../../web/console/values/health.ts';
import { adminSession, fakePorts, fakeServer } from '../ports.ts';

const known = <T>(items: T[]) => ({ state: 'known' as const, items });
const silent = { state: 'unknown' as const, reason: 'connection refused' };
const working = {
  state: 'known' as const,
  detector: 'disk' as const,
  ready: true,
  prometheusAnswering: true,
  series: 1,
  warming: 1,
  unknown: 0,
};
const fine: Overview = {
  ...{ atSeconds: 1, nodes: known([]), containers: known([]), gpus: known([]), alerts: known([]), bill: known([]) },
  targets: known([{ job: 'node', instance: 'a', up: true }]),
  anomalies: { atSeconds: 1, detectors: [working], items: [], omitted: 0, things: { total: 0, judged: 0, unusual: 0 } },
};

const settings = { ...noNotifications, revision: 1, held: [], applied: { state: 'applied' } };

function pageOf(data: Overview, more: readonly string[] = ['notification:manage', 'doctor:read']) {
  const server = fakeServer({
    'GET /notifications/settings': { body: settings },
    'PUT /notifications/settings': ({ body }) => ({ body: { ...settings, ...(body as object), made: {} } }),
    'POST /me/second-factor': { body: { uri: 'otpauth://totp/x?secret=AAAA' } },
    'PUT /me/second-factor': { body: { ...adminSession, secondFactor: true } },
  });
  const app = new App(fakePorts(server, '/welcome'));
  app.session.enter({ ...adminSession, permissions: [...adminSession.permissions, ...more] } as SessionView);
  const page = new WelcomePage(app);
  page.query.put(data);
  return page;
}

describe('checks', () => {
  test.each([
    { given: 'all is well', data: fine, meanings: ['ok', 'ok', 'ok'] },
    { given: 'Prometheus is away', data: { ...fine, targets: silent }, meanings: ['warning', 'unknown', 'ok'] },
    { given: 'nothing was scraped yet', data: { ...fine, targets: known([]) }, meanings: ['ok', 'unknown', 'ok'] },
    {
      given: 'a source is down',
      data: {
        ...fine,
        targets: known([
          ...(fine.targets.state === 'known' ? fine.targets.items : []),
          { job: 'broker', instance: 'b', up: false },
        ]),
      },
      meanings: ['ok', 'warning', 'ok'],
    },
    {
      given: 'a detector is silent',
      data: {
        ...fine,
        anomalies: { ...fine.anomalies, detectors: [working, { ...silent, detector: 'gpu' as const }] },
      },
      meanings: ['ok', 'ok', 'unknown'],
    },
  ])('$given', ({ data, meanings }) => {
    expect(pageOf(data as Overview).checks.map(({ meaning }) => meaning)).toEqual(meanings);
  });

  test('the one that is down is named', () => {
    const page = pageOf({ ...fine, targets: known([{ job: 'broker', instance: 'b', up: false }]) });
    expect(page.checks[1]!.words).toContain('broker');
  });
});

test('what was found: a count, none, or unknown', () => {
  const page = pageOf({
    ...fine,
    gpus: silent,
    nodes: known([{ instance: 'orion', cpuRatio: silent, memoryRatio: silent, diskRatio: silent, load1: silent }]),
  });
  expect(page.foundWords.map(({ title, words }) => `${title} ${words}`)).toEqual([
    ...['Machines 1', 'Containers none yet, or no engine is asked', 'GPUs unknown: connection refused'],
  ]);
});

test('every step can be skipped; the second factor goes on by itself once it is there', async () => {
  const page = pageOf(fine);
  const seen = [page.step];
  for (let turn = 0; turn < 5; turn++) {
    page.next();
    seen.push(page.step);
  }
  expect(seen).toEqual(['machine', 'found', 'notifications', 'second-factor', 'done', 'done']);
  page.go('second-factor');
  await page.secondFactor.offer();
  await page.secondFactor.accept();
  expect([page.secondFactorDone, page.step]).toEqual([true, 'done']);
});

test('who went to another step while the code was checked is not moved on', async () => {
  const page = pageOf(fine);
  page.go('second-factor');
  await page.secondFactor.offer();
  const accepted = page.secondFactor.accept();
  page.go('machine');
  await accepted;
  expect([page.secondFactorDone, page.step]).toEqual([true, 'machine']);
});

test('who may neither set whom alerts tell nor see the doctor is not shown either', () => {
  const page = pageOf(fine, []);
  expect(page.steps).toEqual(['machine', 'found', 'second-factor', 'done']);
  expect(page.mayExamine).toBe(false);
  page.go('notifications');
  expect(page.step).toBe('machine');
});

test('going on from the notifications is skipping until somebody is told', async () => {
  const page = pageOf(fine);
  page.go('notifications');
  await page.notifications.query.refresh();
  expect(page.done).toBe(false);
  page.notifications.add('ntfy');
  expect(page.done).toBe(false);
  await page.notifications.save();
  expect(page.done).toBe(true);
});
