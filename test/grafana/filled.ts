// A real Prometheus that is filled by our own collector, detectors, ingress figures, broker and control-plane figures, and by itself.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollector } from '../../collector/collect.ts';
import { createRoutes, pause } from '../../collector/live/routes.ts';
import { createKnown, createSources } from '../../collector/sources/index.ts';
import { renderExposition } from '../../core/lib/promtext.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { exposition, type Handler, listen, plain } from '../../core/runtime/http.ts';
import { metrics as brokerMetrics, createTally } from '../../web/broker/tally.ts';
import { createFigures } from '../../web/server/ingress/figures.ts';
import type { IngressReading, IngressRoute } from '../../web/server/ingress/port.ts';
import { ingressMetrics, ingressSamples } from '../../web/server/ingress/samples.ts';
import { HttpMetrics } from '../../web/server/metrics.ts';
import { freePort, startDetectors, until } from '../detectors/on-history/stack.ts';
import type { TestEngine } from '../engines.ts';
import { everything } from './machine.ts';
import { ended, startPrometheus } from './prometheus.ts';

export interface Filled {
  url: string;
  /** Ports of the detectors, by name; undefined without them. */
  detectors: Readonly<Record<'gpu' | 'container' | 'process' | 'disk', number>> | undefined;
  close(): Promise<void>;
}

/** Everything is scraped each second, and a row is a second, so that a minute here is an hour of the product. */
export async function fillPrometheus(engine: TestEngine, want: { detectors: boolean }): Promise<Filled> {
  const folder = await mkdtemp(join(tmpdir(), 'odyssey-dashboards-'));
  const ends: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const token = 'a'.repeat(43);
    await mkdir(join(folder, 'data/run'), { recursive: true });
    await writeFile(join(folder, 'data/run/collector.token'), `${token}\n`, { mode: 0o640 });
    const serve = async (routes: Record<string, Handler>) => {
      const listener = await listen({ host: '127.0.0.1', port: 0, routes, onError: () => undefined });
      ends.push(() => listener.close());
      return listener.port;
    };
    const [prometheus, alertmanager, gpu, container, process, disk] = await Promise.all(
      Array.from({ length: 6 }, freePort),
    );
    const ports = { gpu: gpu!, container: container!, process: process!, disk: disk! };
    const targets = [
      { job: 'node', ports: [await serve(await collectorRoutes(token, ends))] },
      { job: 'control-plane', ports: [await serve({ '/metrics': planeFigures() })], ownLabels: true },
      { job: 'broker', ports: [await serve({ '/metrics': brokerFigures() })] },
      { job: 'prometheus', ports: [prometheus!] },
      { job: 'alertmanager', ports: [alertmanager!] },
      ...(want.detectors ? [{ job: 'detectors', ports: Object.values(ports), ownLabels: true }] : []),
    ];
    ends.push(await startAlertmanager(engine, folder, alertmanager!));
    const rules = [{ alert: 'Watched', expr: 'vector(1)', labels: { severity: 'warning', subject: 'test' } }];
    const started = { engine, folder, targets, rules, port: prometheus!, alertmanager: alertmanager! };
    ends.push(await startPrometheus(started));
    const url = `http://127.0.0.1:${prometheus}`;
    if (!want.detectors) return { url, detectors: undefined, close };
    const detectors = await startDetectors(
      {
        PROMETHEUS_URL: url,
        ODYSSEY_DATA: join(folder, 'data'),
        ...{ DETECTOR_TICK: '1s', DETECTOR_ROW: '1s', DETECTOR_WINDOW: '2h', DETECTOR_THREAT_SCAN: '5s' },
      },
      ports,
    );
    ends.push(() => detectors.stop());
    return { url, detectors: ports, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function collectorRoutes(token: string, ends: (() => Promise<unknown>)[]): Promise<Record<string, Handler>> {
  const machine = everything();
  const known = createKnown(pause);
  const options = { dnsNames: ['localhost'], textfileDirectory: '', hostRoot: '' };
  const collector = createCollector(createSources(options, known), {
    machine,
    clock: systemClock,
    onChange: () => undefined,
  });
  const stopping = new AbortController();
  ends.push(async () => stopping.abort());
  await collector.start(AbortSignal.abort()); // the engine's list is read before what builds on it
  await collector.start(stopping.signal);
  return {
    '/metrics': async () => {
      const { metrics, samples, rendered } = await collector.scrape();
      return exposition(renderExposition(metrics, samples) + rendered.join(''));
    },
    '/ready': () => plain(200, 'ready\n'),
    ...createRoutes(token, machine, { snapshots: known.snapshots, viewer: { look: () => ({}) } as never }),
  };
}

const requestOf = (revision: string) => ({ deployment: 'shop', revision, status: 200, milliseconds: 12, retries: 1 });

const shop: IngressRoute = {
  ...{ environment: 'default', network: 'env-default', deployment: 'shop', hosts: ['shop.test'], port: 80 },
  ...{ healthPath: '/', sticky: false, stable: 'r2', canary: undefined, replicas: 1, revisions: [] },
};
const backend = {
  ...{ deployment: 'shop', revision: 'r2', serversUp: 1, down: [], sessions: 0, queued: 0, sessionsTotal: 2 },
  ...{ requestsTotal: 2, connectErrorsTotal: 0, responseErrorsTotal: 0, retriesTotal: 0, redispatchesTotal: 0 },
};
const certificate = {
  ...{ file: 'shop.pem', kind: 'usable' as const, fingerprint: 'AB', names: ['shop.test'] },
  ...{ notBefore: '2026-01-01T00:00:00Z', notAfter: '2099-01-01T00:00:00Z' },
};
const serving: IngressReading = {
  ...{ kind: 'serving', version: '3.0', current: true, worker: '1', requestsTotal: 2 },
  ...{ hosts: new Map(), pointings: [], backends: [backend] },
};

/** The control plane's own figures and those of its ingress, by the code that exports them, with a few calls counted. */
function planeFigures(): Handler {
  const calls = new HttpMetrics();
  const figures = createFigures();
  const environmentOf = () => 'default';
  return () => {
    const now = systemClock.monotonicSeconds();
    for (const revision of ['r1', 'r2']) {
      figures.include('shop', revision, now);
      figures.record(requestOf(revision), now);
    }
    calls.count({ method: 'get', path: '/overview' }, 200, 0.012);
    const live = { sockets: 1, droppedTotal: 0, cutTotal: { 'too-slow': 0 } };
    const audit = { records: 12, writable: true, anchored: [{ target: 'file', size: 10 }] };
    const state = {
      ...{ figures: figures.all(environmentOf), lines: { counted: 2, unrouted: 0, malformed: 0 } },
      ...{ routes: [shop], reading: serving, certificates: [certificate] },
    };
    return exposition(calls.render(audit, live) + renderExposition(ingressMetrics, ingressSamples(state)));
  };
}

function brokerFigures(): Handler {
  const tally = createTally();
  return () => {
    const call = { socket: 'read', method: 'GET', route: '/containers/json' } as const;
    tally.ended({ ...call, outcome: 'answered', seconds: 0.004 });
    tally.refused({ ...call, reason: 'route' });
    return exposition(renderExposition(brokerMetrics, tally.samples()));
  };
}

async function startAlertmanager(engine: TestEngine, folder: string, port: number): Promise<() => Promise<void>> {
  await writeFile(
    join(folder, 'alertmanager.yml'),
    JSON.stringify({ route: { receiver: 'kept' }, receivers: [{ name: 'kept' }] }),
  );
  const child = spawn(
    engine.alertmanager,
    [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=error',
    ],
    { stdio: 'ignore', cwd: engine.cwd },
  );
  await until(60, 'Alertmanager is ready', async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok);
  return () => ended(child);
}
