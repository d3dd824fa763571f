// The whole way with a real Alertmanager: e-mail, signed webhooks, quiet hours, inhibition, the test button, and settings that are refused.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noNotifications, weekdays } from '../../../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../../../core/lib/alertmanager-config.ts';
import { engines } from '../../../engines.ts';
import { type MailServer, openMailServer } from '../../../fakes/mail-server.ts';
import { openWebReceiver, type WebReceiver } from '../../../fakes/web-receiver.ts';
import { nobody, openPlane, type TestPlane } from '../plane.ts';
import { verifier } from './verifier.ts';

const engine = engines.at(-1);

interface Way {
  it: TestPlane;
  alertmanager: string;
  mail: MailServer;
  hook: WebReceiver;
  child: ChildProcess;
  folder: string;
  stop: AbortController;
  configFile: string;
}
let way: Way;

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function until<T>(what: string, seconds: number, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < seconds * 5; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(0.2);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

const email = (port: number) => ({
  ...{ id: 'mail', name: 'Mail', enabled: true, least: 'warning', resolved: true, kind: 'email' },
  ...{ to: ['ops@example.org'], from: 'odyssey@example.org', smarthost: `127.0.0.1:${port}` },
  ...{ username: '', requireTls: false },
});
const webhook = (url: string) => ({
  ...{ id: 'hook', name: 'Hook', enabled: true, least: 'info', resolved: true, kind: 'webhook', url: `${url}/hook` },
});

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

async function openWay(): Promise<Way> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-notifications-'));
  const dataFolder = join(folder, 'data');
  const configFile = join(folder, 'alertmanager.yml');
  mkdirSync(dataFolder);
  const first = { settings: noNotifications, secrets: {}, inbox: undefined, mark: '' };
  writeFileSync(configFile, renderAlertmanager(first));
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
    ...{ it, alertmanager, child, folder, stop, configFile },
    mail: await openMailServer(),
    hook: await openWebReceiver(),
  };
}

async function save(changes: Record<string, unknown>, secrets: Record<string, string> = {}) {
  const { admin } = way.it;
  const { revision } = (await admin.call('GET', '/notifications/settings')).body;
  const settings = { ...noNotifications, groupWaitSeconds: 0, listed: [way.hook.place], ...changes, revision, secrets };
  return admin.call('PUT', '/notifications/settings', settings);
}

async function fire(labels: Record<string, string>, ends = false): Promise<void> {
  const endsAt = ends ? { endsAt: new Date(Date.now() - 1000).toISOString() } : {};
  const alert = {
    labels: { instance: 'a', ...labels },
    annotations: { summary: `${labels['alertname']} says hello` },
    ...endsAt,
  };
  const headers = { 'content-type': 'application/json' };
  await fetch(`${way.alertmanager}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify([alert]) });
}

const mailsAbout = (name: string) => way.mail.mails.filter(({ text }) => text.includes(`${name} says hello`));
const hooksAbout = (name: string) => way.hook.received.filter(({ body }) => body.includes(`"alertname":"${name}"`));

describe.skipIf(engine === undefined)('notifications through a real Alertmanager', () => {
  beforeAll(async () => {
    way = await openWay();
  }, 90_000);
  afterAll(async () => {
    way.stop.abort();
    way.child.kill('SIGKILL');
    await way.mail.close();
    await way.hook.close();
    await way.it.close();
    rmSync(way.folder, { recursive: true, force: true });
  });

  test('settings are loaded by Alertmanager, read back, and shown without their secrets', {
    timeout: 60_000,
  }, async () => {
    const saved = await save(
      { receivers: [email(way.mail.port), webhook(way.hook.url)] },
      { mail: 'a password of the mail server' },
    );
    expect(saved.status).toBe(200);
    expect(saved.body.applied).toEqual({ state: 'applied' });
    expect(saved.body.made.hook).toMatch(/^whsec_/);
    const shown = await way.it.admin.call('GET', '/notifications/settings');
    expect(shown.body).toMatchObject({ revision: 1, held: ['hook', 'mail'], applied: { state: 'applied' } });
    expect(shown.text).not.toContain('a password of the mail server');
    expect(shown.text).not.toContain('whsec_');
    expect([...way.it.plane.audit.exportLines(0)].join('\n')).not.toMatch(/whsec_|a password of the mail server/);
    expect(readFileSync(way.configFile, 'utf8')).toContain('as of ');
  });

  test('a critical alert arrives by mail and as a signed webhook; forged, old and replayed ones are told apart', {
    timeout: 90_000,
  }, async () => {
    const saved = await save({ receivers: [email(way.mail.port), { ...webhook(way.hook.url), id: 'signed' }] });
    const secret = saved.body.made.signed as string;
    await fire({ alertname: 'DiskBroken', severity: 'critical', subject: 'disk' });
    const mail = await until('the mail', 40, () => mailsAbout('DiskBroken')[0]);
    expect(mail).toMatchObject({ from: 'odyssey@example.org', to: ['ops@example.org'] });
    expect(mail.text).toContain('DiskBroken a');
    const { headers, body } = await until('the webhook', 40, () => hooksAbout('DiskBroken')[0]);
    const { judge } = await verifier();
    const nowSeconds = Date.now() / 1000;
    const seen = new Set<string>();
    const shown = { headers, body, secret, nowSeconds, seen };
    expect(judge({ ...shown, body: body.replace('critical', 'info') })).toBe('forged');
    expect(judge({ ...shown, secret: `whsec_${Buffer.alloc(32).toString('base64')}` })).toBe('forged');
    expect(
      judge({ ...shown, headers: { ...headers, 'webhook-timestamp': String(Math.floor(nowSeconds) - 100) } }),
    ).toBe('forged');
    expect(judge({ ...shown, headers: { ...headers, 'webhook-id': 'another' } })).toBe('forged');
    expect(judge({ ...shown, nowSeconds: nowSeconds + 400 })).toBe('old');
    expect(judge(shown)).toBe('genuine');
    expect(judge(shown)).toBe('replayed');
  });

  test('in quiet hours a warning waits and what is critical passes', { timeout: 90_000 }, async () => {
    const always = { days: [...weekdays], from: '00:00', to: '23:59' };
    const quietHours = { timeZone: 'UTC', spans: [always, { ...always, from: '23:59', to: '00:00' }] };
    const saved = await save({ receivers: [email(way.mail.port)], quietHours });
    expect(saved.status, saved.text).toBe(200);
    await fire({ alertname: 'NightWarning', severity: 'warning', subject: 'night' });
    await fire({ alertname: 'NightCritical', severity: 'critical', subject: 'other' });
    await until('the critical one', 40, () => mailsAbout('NightCritical')[0]);
    await pause(3);
    expect(mailsAbout('NightWarning')).toEqual([]);
    await save({ receivers: [email(way.mail.port)] });
    await fire({ alertname: 'DayWarning', severity: 'warning', subject: 'day' });
    await until('a warning by day', 40, () => mailsAbout('DayWarning')[0]);
  });

  test('the graver alert on the same thing holds the milder back, on another it does not', {
    timeout: 90_000,
  }, async () => {
    await save({ receivers: [email(way.mail.port)], groupWaitSeconds: 2 });
    await fire({ alertname: 'AlmostFull', severity: 'critical', subject: 'space', device: 'sda' });
    await fire({ alertname: 'FullSoon', severity: 'warning', subject: 'space', device: 'sda' });
    await fire({ alertname: 'FullSoonElsewhere', severity: 'warning', subject: 'space', device: 'sdb' });
    await until('the graver', 40, () => mailsAbout('AlmostFull')[0]);
    await until('the one elsewhere', 40, () => mailsAbout('FullSoonElsewhere')[0]);
    await pause(3);
    expect(mailsAbout('FullSoon')).toEqual([]);
  });

  test('the test button says what became of it at each receiver', { timeout: 120_000 }, async () => {
    const receivers = [
      email(way.mail.port),
      webhook(way.hook.url),
      { ...webhook('http://169.254.1.1'), id: 'lost', url: 'http://metadata.invalid/' },
    ];
    await save({ receivers });
    const said = await way.it.admin.call('POST', '/notifications/test', {});
    expect(said.body.outcomes).toMatchObject([
      { receiver: 'mail', outcome: 'sent' },
      { receiver: 'hook', outcome: 'sent', reason: 'answered 200' },
      { receiver: 'lost', outcome: 'failed' },
    ]);
    expect(hooksAbout('NotificationTest').at(-1)!.body).toContain('"type":"test"');
    way.mail.refuses = true;
    const refused = await way.it.admin.call('POST', '/notifications/test', { receiver: 'mail' });
    way.mail.refuses = false;
    expect(refused.body.outcomes).toMatchObject([{ receiver: 'mail', outcome: 'failed' }]);
  });

  test('a receiver that answers 500 is tried again under the same id', { timeout: 90_000 }, async () => {
    await save({ receivers: [webhook(way.hook.url)] });
    way.hook.answers.set('TriedAgain', [500]);
    await fire({ alertname: 'TriedAgain', severity: 'warning', subject: 'again' });
    const [first, second] = await until('two tries', 60, () =>
      hooksAbout('TriedAgain').length > 1 ? hooksAbout('TriedAgain') : undefined,
    );
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    const { items } = await until('the record', 20, async () => {
      const { body } = await way.it.admin.call('GET', '/notifications/deliveries?state=delivered');
      return body.items[0]?.alerts.includes('TriedAgain') ? body : undefined;
    });
    expect(items[0]).toMatchObject({ receiver: 'hook', attempts: 2, said: 'answered 200', state: 'delivered' });
  });

  test('the watchdog comes through and the monitor outside hears from us', { timeout: 90_000 }, async () => {
    const heartbeat = { enabled: true, everySeconds: 30 };
    await fire({ alertname: 'Watchdog', severity: 'none' });
    await until('the watchdog', 60, () =>
      way.it.plane.notifications.figures().includes('\nodyssey_watchdog_timestamp_seconds ') ? true : undefined,
    );
    await save({ receivers: [], heartbeat }, { _heartbeat: `${way.hook.url}/beat` });
    await until('the beat', 20, () => way.hook.received.find(({ path }) => path === '/beat'));
    await until('the figure', 5, () =>
      way.it.plane.notifications.figures().includes('\nodyssey_heartbeat_up 1') ? true : undefined,
    );
  });

  test('what amtool refuses changes nothing', { timeout: 60_000 }, async () => {
    const before = readFileSync(way.configFile, 'utf8');
    const span = { days: ['monday'], from: '22:00', to: '07:00' };
    const refused = await save({ quietHours: { timeZone: 'Nowhere/Atall', spans: [span] } });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain('amtool refuses');
    expect(readFileSync(way.configFile, 'utf8')).toBe(before);
  });

  test('a kill of Alertmanager between loses nothing: settings wait for it', { timeout: 60_000 }, async () => {
    way.child.kill('SIGKILL');
    await pause(0.5);
    const saved = await save({ receivers: [email(way.mail.port)] });
    expect(saved.status).toBe(200);
    expect(saved.body.applied.state).toBe('waiting');
    expect(way.it.plane.notifications.figures()).toContain('odyssey_notification_settings_applied 0');
  });
});
