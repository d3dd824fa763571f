// One act for each thing that is repaired, however often it is tried; another one after it was closed.
import { expect, test } from 'vitest';
import type { Act } from '../../../../web/server/audit/log.ts';
import { createRepairActs } from '../../../../web/server/reconcile/acts.ts';

test('tries of one repair are one act, which says at its end how many there were', async () => {
  const told: unknown[] = [];
  const acts = createRepairActs({
    open: (act: Act) => Promise.resolve({ ...act, seq: told.push(`${act.action} ${act.subject}`) }),
    close: (act, outcome, detail) => Promise.resolve(void told.push([act.subject, outcome, detail])),
  });
  const repair = (subject: string) => ({ action: 'reconcile:service', subject, detail: { replicas: 2 } });
  for (const subject of ['service/a', 'service/b', 'service/a']) await acts.open(repair(subject));
  await acts.close('service/a', 'service a was updated');
  await acts.close('service/a', 'nothing is open any more');
  await acts.open(repair('service/a'));
  expect(told).toEqual([
    'reconcile:service service/a',
    'reconcile:service service/b',
    ['service/a', 'done', { text: 'service a was updated', tries: 2 }],
    'reconcile:service service/a',
  ]);
});
