// The whole way with a real Alertmanager: e-mail, signed webhooks, quiet hours, inhibition, the test button, and settings that are refused.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { weekdays } from '../../../../core/contracts/notifications.ts';
import { type MailServer, openMailServer } from '../../../fakes/mail-server.ts';
import { openWebReceiver, type WebReceiver } from '../../../fakes/web-receiver.ts';
import { verifier } from './verifier.ts';
import { engine, openWay, pause, until, type Way } from './way.ts';

let way: Way & { mail: MailServer; hook: WebReceiver };

const save: Way['save'] = (...given) => way.save(...given);
const fire: Way['fire'] = (...given) => way.fire(...given);

const email = (port: number) => ({
  ...{ id: 'mail', name: 'Mail', enabled: true, least: 'warning', resolved: true, kind: 'email' },
  ...{ to: ['ops@example.org'], from: 'odyssey@example.org', smarthost: `127.0.0.1:${port}` },
  ...{ username: '', requireTls: false },
});
const webhook = (url: string) => ({
  ...{ id: 'hook', name: 'Hook', enabled: true, least: 'info', resolved: true, kind: 'webhook', url: `${url}/hook` },
});

const mailsAbout = (name: string) => way.mail.mails.filter(({ text }) => text.includes(`${name} says hello`));
const hooksAbout = (name: string) => way.hook.received.filter(({ body }) => body.includes(`"alertname":"${name}"`));

describe.skipIf(engine === undefined)('notifications through a real Alertmanager', () => {
  beforeAll(async () => {
    const [mail, hook] = await Promise.all([openMailServer(), openWebReceiver()]);
    way = { ...(await openWay([hook.place])), mail, hook };
  }, 90_000);
  afterAll(async () => {
    await way.mail.close();
    await way.hook.close();
    await way.close();
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
    const consoleUrl = 'https://console.example.org/';
    const receivers = [email(way.mail.port), { ...webhook(way.hook.url), id: 'signed' }];
    const saved = await save({ receivers, consoleUrl });
    const secret = saved.body.made.signed as string;
    await fire({ alertname: 'DiskBroken', severity: 'critical', subject: 'disk' });
    const mail = await until('the mail', 40, () => mailsAbout('DiskBroken')[0]);
    expect(mail).toMatchObject({ from: 'odyssey@example.org', to: ['ops@example.org'] });
    expect(mail.text).toContain('DiskBroken a');
    const read = mail.text.replace(/=\r?\n/g, '').replaceAll('=3D', '='); // quoted-printable
    expect(read).toMatch(/^What to do: https:\/\/console\.example\.org\/alerts\?t\.q=DiskBroken\r?$/m);
    expect(read).toMatch(/^Since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\r?$/m);
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
    const refused = await save({ quietHours: { timeZone: 'europe/vienna', spans: [span] } });
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
