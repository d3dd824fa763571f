// The console before a real engine without a swarm, with HAProxy in front of what it will run; beside what is really measured of it, or a
// world with an incident.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBrokerEngine } from '../../web/server/engine/broker-engine.ts';
import { type DockerEngine, startDockerEngine } from '../engine/docker-engine.ts';
import { importHttpImages } from '../engine/http-image.ts';
import { engines } from '../engines.ts';
import { placeIngress } from '../web/server/ingress/placed.ts';
import { type ConsolePlane, openConsolePlane, processToken } from './console-plane.ts';
import { startRealData } from './real-data.ts';

export interface EngineConsole {
  engine: DockerEngine;
  it: ConsolePlane;
  /** Ids of the application's images by version. */
  images: Record<string, string>;
  close(): Promise<void>;
}

type Start = { kind: 'console'; console: EngineConsole } | { kind: 'absent'; reason: string };

export async function startEngineConsole(beside: 'measured' | 'scripted' = 'measured'): Promise<Start> {
  const [prometheus] = engines;
  if (beside === 'measured' && prometheus === undefined)
    return { kind: 'absent', reason: 'there is no Prometheus here' };
  const started = await startDockerEngine({ suite: 'trixie', store: 'overlay2', bridge: true });
  if (started.kind === 'absent') return started;
  const { engine } = started;
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'ody-c-')));
  mkdirSync(join(data, 'run'), { recursive: true });
  writeFileSync(join(data, 'run/collector.token'), processToken);
  const { broker, settings } = await placeIngress(engine, data);
  const images = await importHttpImages(engine, ['1', '2']);
  const place = { dockerSocket: engine.socketPath, dataFolder: data };
  const real = beside === 'measured' ? await startRealData({ prometheus: prometheus!, ...place }) : undefined;
  const it = await openConsolePlane({
    ...{ dataFolder: data, engine: createBrokerEngine(broker.write), ingress: settings },
    ...(real && { neighbours: real.neighbours }),
  });
  const stopping = new AbortController();
  const running = it.plane.orchestration.run(stopping.signal);
  return {
    kind: 'console',
    console: {
      ...{ engine, it, images },
      async close() {
        stopping.abort();
        await running;
        await it.close();
        await real?.close();
        await broker.close();
        await engine.ask('DELETE', '/containers/odyssey-haproxy?force=1').catch(() => undefined);
        await engine.ask('POST', '/swarm/leave?force=1').catch(() => undefined);
        await engine.stop();
        rmSync(data, { recursive: true, force: true });
      },
    },
  };
}
