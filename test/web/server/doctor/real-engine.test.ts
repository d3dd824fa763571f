// The doctor asks a real engine through the real broker: version, log driver and the swarm's pools come through.
import { expect, test } from 'vitest';
import type { Finding } from '../../../../core/contracts/doctor.ts';
import { useEngine } from '../engine-tests.ts';

const { ask, needEngine } = useEngine();

test("an engine with a swarm is known by the broker's word", async (context) => {
  needEngine(context);
  const { status, body } = await ask('GET', '/doctor');
  expect(status).toBe(200);
  const of = (name: string) => (body.findings as Finding[]).find((one) => one.name === name);
  expect(of('docker')).toMatchObject({ state: 'ok', says: expect.stringMatching(/^engine \d+\./) });
  expect(of('docker logs')?.says).not.toContain('does not say');
  expect(of('pool 10.214.0.0/16')).toBeDefined();
}, 60_000);
