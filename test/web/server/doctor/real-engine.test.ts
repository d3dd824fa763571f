// The doctor asks a real engine through the real broker: version, log driver and the swarm's pools come through.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Finding } from '../../../../core/contracts/doctor.ts';
import { type EnginePlaneStart, startEnginePlane } from '../engine-plane.ts';

let start: EnginePlaneStart;
beforeAll(async () => {
  start = await startEnginePlane();
}, 120_000);
afterAll(async () => {
  if (start?.kind === 'plane') await start.plane.close();
}, 60_000);

test("an engine with a swarm is known by the broker's word", async (context) => {
  if (start.kind === 'absent') return context.skip(start.reason);
  const { status, body } = await start.plane.it.admin.call('GET', '/doctor');
  expect(status).toBe(200);
  const of = (name: string) => (body.findings as Finding[]).find((one) => one.name === name);
  expect(of('docker')).toMatchObject({ state: 'ok', says: expect.stringMatching(/^engine \d+\./) });
  expect(of('docker logs')?.says).not.toContain('does not say');
  expect(of('pool 10.214.0.0/16')).toBeDefined();
}, 60_000);
