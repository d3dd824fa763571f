// Slack and ntfy through a real Alertmanager and the configuration that we write for it: text, priority, tags, rights, and the test button.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertPath } from '../../../../core/lib/alert-link.ts';
import { type NtfyMessage, openNtfy, openSlack, type SlackMessage } from '../../../fakes/chat-servers.ts';
import { engine, openWay, until, type Way } from './way.ts';

const path = '/services/T0/B0/a-secret-part';
const token = 'tk_a-secret-token';
const consoleUrl = 'https://console.example.org/';
const common = { enabled: true, least: 'info', resolved: true };
let way: Way;
let slack: Awaited<ReturnType<typeof openSlack>>;
let ntfy: Awaited<ReturnType<typeof openNtfy>>;

const receivers = () => [
  { ...common, id: 'chat', name: 'Chat', kind: 'slack' },
  { ...common, id: 'phone', name: 'Phone', kind: 'ntfy', server: ntfy.url, topic: 'odyssey-alerts' },
];
const secrets = () => ({ chat: `${slack.url}${path}`, phone: token });

const slackAbout = (name: string): SlackMessage | undefined => slack.taken.findLast(({ text }) => text.includes(name));
const ntfyAbout = (name: string): NtfyMessage | undefined =>
  ntfy.taken.findLast(({ title, message }) => `${title} ${message}`.includes(name));

describe.skipIf(engine === undefined)('Slack and ntfy through a real Alertmanager', () => {
  beforeAll(async () => {
    [slack, ntfy] = await Promise.all([openSlack(path), openNtfy(token)]);
    way = await openWay([slack.place, ntfy.place]);
    const saved = await way.save(
      { receivers: receivers(), consoleUrl, groupWaitSeconds: 2, groupIntervalSeconds: 60 },
      secrets(),
    );
    expect(saved.body.applied, saved.text).toEqual({ state: 'applied' });
  }, 90_000);
  afterAll(async () => {
    await slack.close();
    await ntfy.close();
    await way.close();
  });

  test('what is critical comes as text to the one and with the highest priority to the other; its end is told, too', {
    timeout: 180_000,
  }, async () => {
    const about = { alertname: 'DiskBroken', severity: 'critical', subject: 'disk' };
    await way.fire(about, { summary: 'Disk <sda> & its mirror fail' });
    const told = await until('Slack', 40, () => slackAbout('DiskBroken'));
    const link = `${consoleUrl}${alertPath({ name: 'DiskBroken', labels: { instance: 'a', subject: 'disk' } }).slice(1)}`;
    expect(told.text).toBe(
      `[1 firing] DiskBroken\ncritical: Disk &lt;sda&gt; &amp; its mirror fail\nWhat to do: <${link}|DiskBroken>`,
    );
    expect(await until('ntfy', 40, () => ntfyAbout('DiskBroken'))).toEqual({
      ...{ topic: 'odyssey-alerts', title: '[1 firing] DiskBroken', message: 'critical: Disk <sda> & its mirror fail' },
      ...{ priority: 5, tags: ['warning'], click: link },
    });
    await way.fire(about, { ends: true });
    const over = await until('the end at ntfy', 120, () => ntfyAbout('[resolved] DiskBroken'));
    expect(over).toMatchObject({ priority: 3, tags: ['white_check_mark'] });
    expect((await until('the end at Slack', 20, () => slackAbout('[resolved] DiskBroken'))).text).toContain(
      'resolved:',
    );
  });

  test('a warning comes with the ordinary priority, in whatever language, and as long as it may be', {
    timeout: 90_000,
  }, async () => {
    const summary = `Диск почти полон ${'ж'.repeat(4_000)}`;
    for (const device of ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf', 'sdg'])
      await way.fire({ alertname: 'Languages', severity: 'warning', subject: 'space', device }, { summary });
    const told = await until('ntfy', 60, () => ntfyAbout('Languages'));
    expect(told).toMatchObject({ priority: 3, tags: ['warning'] });
    expect(told.title).toBe('[7 firing] Languages');
    expect(told.message).toContain('warning: Диск почти полон жжж');
    expect(Buffer.byteLength(told.message!)).toBeGreaterThan(2_900);
    expect((await until('Slack', 40, () => slackAbout('Languages'))).text).toContain('Диск почти полон');
    expect(ntfy.posted.length).toBe(ntfy.taken.length);
  });

  test('secrets are in the address of the one and the header of the other, and in nothing that is said', async () => {
    const [first] = slack.posted;
    expect(first).toMatchObject({ method: 'POST', path, headers: { 'content-type': 'application/json' } });
    expect(first!.headers.authorization).toBeUndefined();
    expect(ntfy.posted[0]!.headers.authorization).toBe(`Bearer ${token}`);
    const bodies = [...slack.posted, ...ntfy.posted].map(({ body }) => body.toString('utf8')).join('\n');
    const { text } = await way.it.admin.call('GET', '/notifications/deliveries');
    expect(`${bodies}${text}`).not.toMatch(/a-secret-(part|token)/);
  });

  test('the test button says that both took it, and which alert it was', { timeout: 90_000 }, async () => {
    const { body } = await way.it.admin.call('POST', '/notifications/test', {});
    expect(body.outcomes).toEqual([
      { receiver: 'chat', outcome: 'sent', reason: 'answered 200' },
      { receiver: 'phone', outcome: 'sent', reason: 'answered 200' },
    ]);
    expect(slackAbout('NotificationTest')!.text).toMatch(/^Test: \[1 firing\] NotificationTest\n/);
    expect(ntfyAbout('NotificationTest')).toMatchObject({ title: 'Test: [1 firing] NotificationTest', priority: 3 });
  });

  test.each([
    { given: 'an address that was revoked', receiver: 'chat', wrong: () => `${slack.url}/services/gone`, says: '404' },
    { given: 'a token that is not theirs', receiver: 'phone', wrong: () => 'tk_other', says: '401' },
    { given: 'no token', receiver: 'phone', wrong: () => '', says: '403' },
  ])('the test button says of $given: answered $says', { timeout: 90_000 }, async ({ receiver, wrong, says }) => {
    await way.save({ receivers: receivers() }, { ...secrets(), [receiver]: wrong() });
    const { body, text } = await way.it.admin.call('POST', '/notifications/test', { receiver });
    expect(body.outcomes).toEqual([{ receiver, outcome: 'failed', reason: `answered ${says}` }]);
    expect(text).not.toContain('secret');
  });
});
