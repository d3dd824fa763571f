// The doctor's report of this very machine over the API, for admins alone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { doctorReport } from '../../../../core/contracts/doctor.ts';
import { openPlane, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

test('an admin reads what this machine has; without an engine that is said, with what to do', {
  timeout: 20_000,
}, async () => {
  const { status, body } = await it.admin.call('GET', '/doctor');
  expect(status).toBe(200);
  const { findings } = doctorReport.parse(body);
  expect(findings.find(({ name }) => name === 'memory')?.says).toMatch(/GiB$/);
  expect(findings.find(({ name }) => name === 'docker')).toMatchObject({ state: 'warn', fix: expect.any(String) });
  for (const one of findings.filter(({ state }) => state === 'warn' || state === 'fail')) expect(one.fix).toBeTruthy();
});

test('an operator is refused and told who may', async () => {
  const operator = await it.withRole('operator');
  const { status, text } = await operator.call('GET', '/doctor');
  expect(status).toBe(403);
  expect(text).toContain('doctor:read');
});
