// What people allowed: asked every time, kept for a few minutes of silence, and then not allowed any more.
import { expect, test } from 'vitest';
import { askAllowed } from '../../../detectors/process/allowed-by-people.ts';
import { fakePorts } from '../../fakes/detector.ts';
import { fakeHttp } from '../../fakes/http.ts';

const address = 'http://cp/api/v1/threats/allowed';
const exception = {
  ...{ id: 'a', exeSha256: 'ab'.repeat(32), argv: ['nc'], parentExe: '/bin/sh', container: null },
  ...{ expiresAtSeconds: 9, reason: 'drill', owner: 'ops' },
};

function asking(answer: unknown) {
  const { log } = fakePorts();
  const http = fakeHttp({ [address]: answer });
  const time = { now: 0 };
  const ask = askAllowed({
    ...{ controlPlaneUrl: 'http://cp', http, log, token: () => 'secret' },
    monotonicSeconds: () => time.now,
  });
  return { ask, http, time };
}

test('what is said is allowed, with the token of the detectors', async () => {
  const { ask, http } = asking({ items: [exception] });
  expect(await ask()).toEqual([exception]);
  expect(http.asked[0]!.authorization).toBe('Bearer secret');
  http.answers.set(address, { items: [] });
  expect(await ask()).toEqual([]);
});

test.each([
  { given: 'an error', later: 503 },
  { given: 'an answer of another shape', later: { items: [{ ...exception, exeSha256: 'x' }] } },
])('$given keeps what was said for five minutes, and not longer', async ({ later }) => {
  const { ask, http, time } = asking({ items: [exception] });
  await ask();
  http.answers.set(address, later);
  time.now = 300;
  expect(await ask()).toHaveLength(1);
  time.now = 301;
  expect(await ask()).toEqual([]);
});

test('before the first answer nothing is allowed', async () => {
  expect(await asking(500).ask()).toEqual([]);
});
