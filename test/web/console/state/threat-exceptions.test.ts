// Allowing a threat: with a reason and an end, refused with the server's words, ended by hand.
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import type { FoundThreat } from '../../../../web/console/state/processes.svelte.ts';
import { ThreatExceptions } from '../../../../web/console/state/threat-exceptions.svelte.ts';
import { fakePorts, fakeServer, problem, type Told } from '../ports.ts';

const threat: FoundThreat = {
  ...{ instance: 'one', pid: 7, startedAtSeconds: 90, tier: 'critical', category: 'reverse_shells', score: 95 },
  ...{ techniques: [], reasons: [], commandLine: 'nc -l 9000', container: null },
};
const exception = {
  ...{ id: '00112233445566aa', exeSha256: 'ab'.repeat(32), argv: ['nc', '-l', '9000'], parentExe: '/bin/sh' },
  ...{ container: null, expiresAtSeconds: 9, reason: 'drill', owner: 'ann', createdSeconds: 1 },
};

async function open(made: Told = { status: 201, body: exception }) {
  const ports = fakePorts(
    fakeServer({
      'GET /threats/exceptions': { body: { items: [exception] } },
      'POST /threats/exceptions': made,
      [`DELETE /threats/exceptions/${exception.id}`]: { body: {} },
    }),
  );
  const exceptions = new ThreatExceptions(new App(ports));
  await exceptions.query.refresh();
  const sent = () => ports.asked.filter(({ method }) => method !== 'GET');
  return { exceptions, sent };
}

test('without a reason nothing is asked for; with one it is asked for as it is listed', async () => {
  const { exceptions, sent } = await open();
  exceptions.reason = '  ';
  expect(await exceptions.allow(threat)).toBe(false);
  expect(sent()).toEqual([]);
  exceptions.reason = ' network drill ';
  exceptions.days = 7;
  expect(await exceptions.allow(threat)).toBe(true);
  expect(sent()[0]!.body).toEqual({
    ...{ instance: 'one', pid: 7, startedAtSeconds: 90, reason: 'network drill', days: 7 },
  });
  expect(exceptions.reason).toBe('');
});

test('why it cannot be allowed stands below the form, which keeps what was typed', async () => {
  const detail = 'The hash of its program is not known, so it cannot be named for good.';
  const { exceptions } = await open(problem(409, 'cannot-be-allowed', { detail }));
  exceptions.reason = 'drill';
  expect(await exceptions.allow(threat)).toBe(false);
  expect(exceptions.sending.general).toContain(detail);
  expect(exceptions.reason).toBe('drill');
});

test('who allows one is found by its id; a file of the machine is nobody', async () => {
  const { exceptions } = await open();
  expect(exceptions.of({ ...threat, allowedBy: exception.id })?.owner).toBe('ann');
  expect(exceptions.of({ ...threat, allowedBy: 'drill-file' })).toBeUndefined();
  expect(exceptions.of(threat)).toBeUndefined();
});

test('one is ended', async () => {
  const { exceptions, sent } = await open();
  await exceptions.end(exceptions.items[0]!);
  expect(sent()[0]).toMatchObject({ method: 'DELETE', path: `/threats/exceptions/${exception.id}` });
});
