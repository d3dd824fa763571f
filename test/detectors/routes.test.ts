// The pages of a port: they parse, say what they are, and ready means that Prometheus has answered.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { detectorHealth } from '../../core/contracts/health.ts';
import { threatList } from '../../core/contracts/threat-list.ts';
import type { Reply } from '../../core/runtime/http.ts';
import { createLimit } from '../../detectors/limit.ts';
import { openThreats } from '../../detectors/process/threat-watch.ts';
import { createRoutes } from '../../detectors/routes.ts';
import { tick } from '../../detectors/watch.ts';
import { engines } from '../engines.ts';
import { fakePorts, settings, watching, wave } from '../fakes/detector.ts';

const start = 1_800_000_000;

async function pages(nasty = 'a') {
  const watched = watching();
  const ports = fakePorts({ load: [wave(nasty)] }, start);
  const routes = createRoutes(watched.state, settings, ports.clock);
  const get = async (path: string) => (await routes[path]!(new URLSearchParams(), {})) as Reply;
  return { get, tick: () => tick(watched, start, ports, settings, createLimit(4, 10)) };
}

test('alive at once, ready after the first answer', async () => {
  const { get, tick } = await pages();
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/ready')).status).toBe(503);
  expect(detectorHealth.parse(JSON.parse((await get('/health')).body)).ready).toBe(false);
  await tick();
  expect((await get('/ready')).status).toBe(200);
  expect(detectorHealth.parse(JSON.parse((await get('/health')).body)).ready).toBe(true);
});

test('threats are shown to those who show the token, and to nobody while there is none', async () => {
  const { state } = watching();
  const open = (tokens: string[]) => {
    const threats = { state: openThreats(), tokens: () => tokens };
    const route = createRoutes(state, settings, fakePorts().clock, { threats })['/v1/threats']!;
    return async (authorization?: string) =>
      (await route(new URLSearchParams(), authorization ? { authorization } : {})) as Reply;
  };
  const token = 'a'.repeat(32);
  const ask = open(['', token]);
  expect((await ask(`Bearer ${token}`)).status).toBe(200);
  expect(threatList.parse(JSON.parse((await ask(`Bearer ${token}`)).body))).toEqual({ reports: [] });
  for (const wrong of [undefined, 'Bearer ', `Bearer ${'b'.repeat(32)}`, token, `Basic ${token}`])
    expect((await ask(wrong)).status).toBe(401);
  expect((await open(['', ''])('Bearer ')).status).toBe(401);
  expect(createRoutes(state, settings, fakePorts().clock)['/v1/threats']).toBeUndefined();
});

test.runIf(engines[0])('promtool reads the metrics without a complaint, whatever a name holds', async () => {
  const { get, tick } = await pages('evil"} 1\nup{x="\\');
  await tick();
  const { body } = await get('/metrics');
  expect(body).toContain('anomaly_score');
  const said = execFileSync(engines[0]!.promtool, ['check', 'metrics'], { input: body, encoding: 'utf8' });
  expect(said).toBe('');
});
