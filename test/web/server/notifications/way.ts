// A real Alertmanager on loopback beside a control plane that writes its configuration, with sinks for mail and posts.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noNotifications } from '../../../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../../../core/lib/alertmanager-config.ts';
import { engines } from '../../../engines.ts';
import { nobody, openPlane, type TestPlane } from '../plane.ts';

/** Undefined where no Alertmanager is here. */
export const engine = engines.at(-1);

export interface Way {
  it: TestPlane;
  child: ChildProcess;
  configFile: string;
  /** Saves settings: the defaults without waiting, with what is given here. */
  save(changes: Record<string, unknown>, secrets?: Record<string, string>): ReturnType<TestPlane['admin']['call']>;
  /** An alert as Prometheus would send it; `ends` is one that is over. */
  fire(labels: Record<string, string>, changes?: { ends?: boolean; summary?: string }): Promise<void>;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

export const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export async function until<T>(
  what: string,
  seconds: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (let tries = 0; tries < seconds * 5; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(0.2);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

/** Real time: Alertmanager's routes wait on it. */
const clock = {
  unixSeconds: () => Date.now() / 1000,
  monotonicSeconds: () => performance.now() / 1000,
  sleep: (seconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/** `listed`: places on this machine that may be called. */
export async function openWay(listed: readonly string[]): Promise<Way> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-notifications-'));
  const dataFolder = join(folder, 'data');
  const configFile = join(folder, 'alertmanager.yml');
  mkdirSync(dataFolder);
  writeFileSync(configFile, renderAlertmanager({ settings: noNotifications, secrets: {}, inbox: undefined, mark: '' }));
  const port = await freePort();
  const alertmanager = `http://127.0.0.1:${port}`;
  const program = [`--config.file=${configFile}`, `--storage.path=${join(folder, 'am')}`, '--cluster.listen-address='];
  const child = spawn(engine!.alertmanager, [...program, `--web.listen-address=127.0.0.1:${port}`], {
    cwd: engine!.cwd,
    stdio: 'ignore',
  });
  const planePort = await freePort();
  const tokenFile = join(dataFolder, 'run/alertmanager.token');
  const it = await openPlane({
    ...{ dataFolder, clock, port: planePort },
    neighbours: { ...nobody, alertmanager, http: { fetch, timeoutSeconds: 5, answerBytesMax: 1_000_000 } },
    notifications: {
      ...{ configFile, amtool: engine!.amtool },
      inbox: { url: `http://127.0.0.1:${planePort}/api/v1/inbox`, tokenFile, caFile: '' },
    },
  });
  const stop = new AbortController();
  void it.plane.notifications.run(stop.signal);
  await until('Alertmanager is ready', 60, async () =>
    fetch(`${alertmanager}/-/ready`).then(
      ({ ok }) => ok || undefined,
      () => undefined,
    ),
  );
  return {
    ...{ it, child, configFile },
    async save(changes, secrets = {}) {
      const { revision } = (await it.admin.call('GET', '/notifications/settings')).body;
      const settings = { ...noNotifications, groupWaitSeconds: 0, listed, ...changes, revision, secrets };
      return it.admin.call('PUT', '/notifications/settings', settings);
    },
    async fire(labels, { ends = false, summary = `${labels['alertname']} says hello` } = {}) {
      const endsAt = ends ? { endsAt: new Date(Date.now() - 1000).toISOString() } : {};
      const alert = { labels: { instance: 'a', ...labels }, annotations: { summary }, ...endsAt };
      const headers = { 'content-type': 'application/json' };
      await fetch(`${alertmanager}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify([alert]) });
    },
    async close() {
      stop.abort();
      child.kill('SIGKILL');
      await it.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
