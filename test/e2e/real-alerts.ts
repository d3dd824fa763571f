// The console beside a real Prometheus in which one of the product's own rules fires, a real Alertmanager that can be killed, and somebody who is told.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { noNotifications } from '../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../core/lib/alertmanager-config.ts';
import { createPrometheus } from '../../core/runtime/prometheus.ts';
import { readRunbooks } from '../../web/server/watch/runbook-files.ts';
import { freePort, until } from '../detectors/on-history/stack.ts';
import type { TestEngine } from '../engines.ts';
import { openWebReceiver, type WebReceiver } from '../fakes/web-receiver.ts';
import { startPrometheus } from '../grafana/prometheus.ts';
import { root } from '../tidy/tree.ts';
import { nobody, type openPlane, type TestPlane } from '../web/server/plane.ts';
import { openConsolePlane } from './console-plane.ts';

export interface RealAlerts {
  it: TestPlane;
  alertmanager: Alertmanager;
  /** Whom alerts are told. */
  hook: WebReceiver;
  /** From now on what was down answers, and its alert ends. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

interface Alertmanager {
  url: string;
  start(): Promise<void>;
  /** As a machine that runs out of memory does it. */
  kill(): Promise<void>;
}

type Endings = (() => unknown)[];

/** Resolves once the target `shop` is down and TargetDown has fired in Prometheus; what began is ended where something does not. */
export async function startRealAlerts(engine: TestEngine): Promise<RealAlerts> {
  const endings: Endings = [];
  const close = async () => {
    for (const end of endings.toReversed()) await end();
  };
  try {
    return { ...(await begin(engine, endings)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function begin(engine: TestEngine, endings: Endings): Promise<Omit<RealAlerts, 'close'>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'odyssey-alerts-')));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const [amPort, planePort, port, shop] = await Promise.all(Array.from({ length: 4 }, freePort));
  const configFile = join(folder, 'alertmanager.yml');
  writeFileSync(configFile, renderAlertmanager({ settings: noNotifications, secrets: {}, inbox: undefined, mark: '' }));
  const hook = await openWebReceiver();
  endings.push(() => hook.close());
  const alertmanager = placeAlertmanager(engine, { folder, configFile, port: amPort! });
  endings.push(() => alertmanager.kill());
  await alertmanager.start();
  const options = optionsOf(engine, { folder, configFile, planePort: planePort!, port: port! }, alertmanager.url);
  const it = await openConsolePlane(options);
  endings.push(() => it.close());
  const stopping = new AbortController();
  const telling = it.plane.notifications.run(stopping.signal);
  endings.push(() => {
    stopping.abort();
    return telling;
  });
  await tell(it, hook);
  const targets = [{ job: 'shop', ports: [shop!] }];
  const settings = { engine, folder, port: port!, alertmanager: amPort!, targets, rules: [targetDown()] };
  endings.push(await startPrometheus(settings));
  await until(
    30,
    'TargetDown fires',
    async () => (await it.admin.call('GET', '/overview')).body.alerts.items.length > 0,
  );
  return {
    ...{ it, alertmanager, hook },
    heal: () =>
      new Promise((resolve) => {
        const healed = createServer((_, response) => {
          response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end('shop_orders_total 1\n');
        });
        endings.push(() => healed.close());
        healed.listen(shop!, '127.0.0.1', resolve);
      }),
  };
}

/** The product's own rule with its own words; it need not hold for a minute first. */
function targetDown() {
  const { groups } = parse(readFileSync(join(root, 'alerts/rules/appliance.yml'), 'utf8'));
  const rule = groups[0].rules.find(({ alert }: { alert: string }) => alert === 'TargetDown');
  return { ...rule, for: '0s' };
}

interface Place {
  folder: string;
  configFile: string;
  planePort: number;
  /** Prometheus. */
  port: number;
}

function optionsOf(engine: TestEngine, { folder, configFile, planePort, port }: Place, alertmanager: string) {
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  const http = { fetch, timeoutSeconds: 5, answerBytesMax: 16_000_000 };
  const tokenFile = join(dataFolder, 'run/alertmanager.token');
  return {
    ...{ dataFolder, port: planePort, runbooks: readRunbooks(join(root, 'alerts/runbooks')) },
    neighbours: {
      ...{ ...nobody, alertmanager, http },
      prometheus: createPrometheus({ ...http, baseUrl: `http://127.0.0.1:${port}` }),
    },
    notifications: {
      ...{ configFile, amtool: engine.amtool },
      inbox: { url: `http://127.0.0.1:${planePort}/api/v1/inbox`, tokenFile, caFile: '' },
    },
  } satisfies Parameters<typeof openPlane>[0];
}

/** It keeps what it knows as the product has it do, only sooner. */
function placeAlertmanager(
  engine: TestEngine,
  { folder, configFile, port }: Pick<Place, 'folder' | 'configFile' | 'port'>,
): Alertmanager {
  const url = `http://127.0.0.1:${port}`;
  const settings = [
    ...[`--config.file=${configFile}`, `--storage.path=${join(folder, 'alertmanager')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=', '--data.maintenance-interval=1s'],
  ];
  let child: ChildProcess | undefined;
  return {
    url,
    async start() {
      child = spawn(engine.alertmanager, settings, { cwd: engine.cwd, stdio: 'ignore' });
      await until(30, 'Alertmanager is ready', async () => (await fetch(`${url}/-/ready`)).ok);
    },
    kill: () =>
      new Promise((resolve) => {
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

/** Puts a receiver into force, as the page of notifications does. */
async function tell({ admin }: TestPlane, hook: WebReceiver): Promise<void> {
  const receiver = {
    ...{ id: 'pager', name: 'Pager', enabled: true, least: 'warning', resolved: true },
    ...{ kind: 'webhook', url: `${hook.url}/pager` },
  };
  const { revision } = (await admin.call('GET', '/notifications/settings')).body;
  const saved = await admin.call('PUT', '/notifications/settings', {
    ...{ ...noNotifications, groupWaitSeconds: 0, groupIntervalSeconds: 60, listed: [hook.place] },
    ...{ receivers: [receiver], revision, secrets: {} },
  });
  if (saved.body.applied?.state !== 'applied') throw new Error(`nobody is told of alerts: ${saved.text}`);
}
