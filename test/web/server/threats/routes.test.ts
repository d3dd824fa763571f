// A threat is allowed by a person, told to the detectors, recorded, and ended: by a person, or by its day.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Neighbourhood, openNeighbourhood } from '../watch/neighbourhood.ts';

const hash = 'ab'.repeat(32);
const body = { instance: 'one', pid: 77, startedAtSeconds: 1_000, reason: 'network drill', days: 2 };
const threat = {
  ...{ pid: 77, startedAtSeconds: 1_000, tier: 'critical', category: 'reverse_shells', score: 90, techniques: [] },
  ...{ reasons: ['listens'], exe: '/usr/bin/nc', commandLine: 'nc -l 9000', container: null },
};
let near: Neighbourhood;
let detectors: Record<string, string>;

beforeAll(async () => {
  near = await openNeighbourhood();
  detectors = {
    authorization: `Bearer ${readFileSync(join(near.plane.folder, 'run/detectors.token'), 'utf8').trim()}`,
  };
});
afterAll(() => near.close());
beforeEach(() => {
  near.says.set('GET /process/v1/threats', {
    reports: [{ instance: 'one', takenAtSeconds: 1, scanGapSeconds: 5, omitted: 0, threats: [threat] }],
  });
  near.says.set('GET /v1/processes', {
    ...{ instance: 'one', takenAtSeconds: 1, scanGapSeconds: 5, omitted: 0, nextCursor: null },
    processes: [
      { pid: 50, argv: ['bash'], exe: '/usr/bin/bash' },
      {
        ...{ pid: 77, ppid: 50, startedAtSeconds: 1_000, exe: '/usr/bin/nc', exeSha256: hash },
        ...{ argv: ['nc', '-l', '9000'], container: null },
      },
    ],
  });
});

const told = async () =>
  (await near.plane.caller().call('GET', '/threats/allowed', undefined, detectors)).body.items as { id: string }[];
const records = () => [...near.plane.plane.audit.exportLines(0)].join('\n');

test('allowed by an operator, told to the detectors, ended by hand', async () => {
  const operator = await near.plane.withRole('operator');
  const made = await operator.call('POST', '/threats/exceptions', body);
  expect(made.status, made.text).toBe(201);
  const named = { exeSha256: hash, argv: ['nc', '-l', '9000'], parentExe: '/usr/bin/bash', container: null };
  const exception = { ...named, reason: 'network drill', expiresAtSeconds: near.plane.now() + 2 * 86_400 };
  expect(made.body).toMatchObject({ ...exception, owner: expect.stringContaining('operator') });
  expect(await told()).toEqual([{ ...exception, id: made.body.id, owner: made.body.owner }]);
  expect((await operator.call('GET', '/threats/exceptions')).body.items).toEqual([made.body]);
  expect(records()).toMatch(new RegExp(`"threat:allow".*${hash}|${hash}.*"threat:allow"`, 's'));
  expect((await operator.call('DELETE', `/threats/exceptions/${made.body.id}`)).status).toBe(200);
  expect(await told()).toEqual([]);
  expect(records()).toContain('threat:disallow');
  expect((await operator.call('DELETE', `/threats/exceptions/${made.body.id}`)).status).toBe(404);
});

test.each([
  { given: 'no reason', change: { reason: ' ' }, status: 422 },
  { given: 'no end', change: { days: undefined }, status: 422 },
  { given: 'longer than a year', change: { days: 366 }, status: 422 },
  { given: 'a hash of their own', change: { exeSha256: hash }, status: 422 },
  { given: 'a process that is no threat', change: { pid: 50 }, status: 409 },
])('$given → $status, and nothing is allowed', async ({ change, status }) => {
  expect((await near.plane.admin.call('POST', '/threats/exceptions', { ...body, ...change })).status).toBe(status);
  expect(await told()).toEqual([]);
});

test.each([
  { given: 'a collector', silent: 'GET /v1/processes', status: 503 },
  { given: 'a process detector', silent: 'GET /process/v1/threats', status: 409 },
])('$given that is silent allows nothing', async ({ silent, status }) => {
  near.says.set(silent, 500);
  expect((await near.plane.admin.call('POST', '/threats/exceptions', body)).status).toBe(status);
  expect(await told()).toEqual([]);
});

test('its day ends it', async () => {
  await near.plane.admin.call('POST', '/threats/exceptions', { ...body, days: 1 });
  expect(await told()).toHaveLength(1);
  near.plane.pass(86_401);
  expect(await told()).toEqual([]);
});
