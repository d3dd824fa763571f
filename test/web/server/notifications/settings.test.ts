// Settings for notifications through the real server: what is refused, what is kept secret, who is told what in the record.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noNotifications } from '../../../../core/contracts/notifications.ts';
import { openPlane, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

const common = { name: 'N', enabled: true, least: 'info', resolved: true };
const hook = (url: string) => ({ ...common, id: 'hook', kind: 'webhook', url });
const slack = { ...common, id: 'chat', kind: 'slack' };
const mail = (smarthost: string) => ({
  ...{ ...common, id: 'mail', kind: 'email', to: ['a@example.org'], from: 'o@example.org', smarthost },
  ...{ username: '', requireTls: true },
});

async function save(changes: object, secrets: Record<string, string> = {}, revision?: number) {
  const current = (await it.admin.call('GET', '/notifications/settings')).body.revision;
  const body = { ...noNotifications, ...changes, secrets, revision: revision ?? current };
  return it.admin.call('PUT', '/notifications/settings', body);
}

describe('settings', () => {
  test.each([
    { given: 'a metadata service', changes: { receivers: [hook('http://169.254.169.254/latest')] } },
    {
      given: 'metadata, listed',
      changes: { receivers: [hook('http://169.254.169.254/')], listed: ['169.254.169.254:80'] },
    },
    { given: 'metadata inside IPv6', changes: { receivers: [hook('http://[::ffff:169.254.169.254]/')] } },
    { given: 'loopback', changes: { receivers: [hook('http://127.0.0.1:8080/')] } },
    { given: 'a mail server at a metadata address', changes: { receivers: [mail('169.254.169.254:25')] } },
    { given: 'a file', changes: { receivers: [hook('file:///etc/passwd')] } },
    { given: 'two receivers of one name', changes: { receivers: [slack, slack] } },
    { given: 'a name that is taken', changes: { receivers: [{ ...slack, id: 'watchdog' }] } },
    {
      given: 'a mail address with a second line',
      changes: { receivers: [{ ...mail('m:25'), to: ['a@b\r\nBcc: c@d'] }] },
    },
    { given: 'a time zone that there is not', changes: { quietHours: { timeZone: 'Mars/Phobos', spans: [] } } },
    { given: 'a repeat below the bound', changes: { repeatOtherSeconds: 10 } },
  ])('$given is refused', async ({ changes }) => {
    expect([400, 422]).toContain((await save(changes)).status);
    expect((await it.admin.call('GET', '/notifications/settings')).body.revision).toBe(0);
  });

  test.each([
    { given: "a Slack address on this machine's link", secrets: { chat: 'http://169.254.7.7/' } },
    { given: 'a heartbeat to loopback', secrets: { _heartbeat: 'http://localhost.:1/', chat: 'http://127.0.0.1/' } },
    { given: 'a secret of nobody', secrets: { other: 'x' } },
  ])('$given is refused', async ({ secrets }) => {
    expect((await save({ receivers: [slack] }, secrets)).status).toBe(422);
  });

  test('a signing secret that is too short is refused', async () => {
    expect((await save({ receivers: [hook('https://example.org/')] }, { hook: 'whsec_c2hvcnQ=' })).status).toBe(422);
  });

  test('they wait for an Alertmanager that does not answer; secrets stay when left out and never come back', async () => {
    const address = 'https://hooks.example.org/T1/B2/abcdef';
    const saved = await save({ receivers: [slack] }, { chat: address });
    expect(saved.body).toMatchObject({ revision: 1, held: ['chat'], applied: { state: 'waiting' } });
    const again = await save({ receivers: [{ ...slack, name: 'Other' }] });
    expect(again.body).toMatchObject({ revision: 2, held: ['chat'] });
    const listed = (await it.admin.call('GET', '/audit?limit=50')).text;
    for (const text of [saved.text, again.text, listed, it.logged.join('\n')]) expect(text).not.toContain('abcdef');
    expect([...it.plane.audit.exportLines(0)].join('\n')).toContain('notification:set');
    expect(readFileSync(join(it.folder, 'config/alertmanager.yml'), 'utf8')).not.toContain('abcdef');
    expect((await save({ receivers: [slack] }, { chat: '' })).body.held).toEqual([]);
  });

  test("somebody else's change is not overwritten unseen", async () => {
    expect((await save({ receivers: [] }, {}, 0)).status).toBe(409);
  });

  test('a test without a receiver says so, and one without Alertmanager says that nothing is known', async () => {
    expect((await it.admin.call('POST', '/notifications/test', { receiver: 'nobody' })).status).toBe(404);
    const said = await it.admin.call('POST', '/notifications/test', {});
    expect(said.body.outcomes).toMatchObject([{ receiver: 'chat', outcome: 'unknown' }]);
  });

  test('the inbox takes only who shows the token of Alertmanager', async () => {
    const body = {
      ...{ version: '4', receiver: 'chat', status: 'firing', groupKey: 'g' },
      alerts: [
        {
          ...{ status: 'firing', labels: { alertname: 'A' }, annotations: {}, fingerprint: 'ab' },
          ...{ startsAt: '2027-01-15T08:00:00Z', endsAt: '0001-01-01T00:00:00Z' },
        },
      ],
    };
    const shown = (name: string) => ({
      authorization: `Bearer ${readFileSync(join(it.folder, 'run', `${name}.token`), 'utf8').trim()}`,
    });
    const post = (headers?: Record<string, string>) => it.caller().call('POST', '/inbox/notifications', body, headers);
    expect((await post()).status).toBe(401);
    expect((await post(shown('detectors'))).status).toBe(403);
    expect((await post(shown('alertmanager'))).body).toEqual({ queued: 1 });
    const { items } = (await it.admin.call('GET', '/notifications/deliveries')).body;
    expect(items).toMatchObject([{ receiver: 'chat', state: 'pending', alerts: ['A'] }]);
    expect((await it.admin.call('POST', `/notifications/deliveries/${items[0].id}/again`, {})).status).toBe(404);
  });
});
