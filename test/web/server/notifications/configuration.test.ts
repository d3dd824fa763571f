// Settings put into force: read back before they count, taken back where they are refused, waiting where nobody answers; and the test button's reading.
import { describe, expect, test } from 'vitest';
import { noNotifications } from '../../../../core/contracts/notifications.ts';
import { applyConfiguration } from '../../../../web/server/notifications/configuration.ts';
import { testReceiver } from '../../../../web/server/notifications/test-alert.ts';

/** An Alertmanager that loads what is on disk, or answers reloads with a status. */
function open(answers: { reload?: number | Error; shows?: boolean; faults?: string } = {}) {
  const it = { text: 'before' as string | undefined, loaded: 'before', mail: 0 };
  const fetching = async (address: string | URL | Request): Promise<Response> => {
    const path = new URL(String(address)).pathname;
    if (path === '/api/v2/status') return Response.json({ config: { original: it.loaded } });
    if (path === '/metrics')
      return new Response(`alertmanager_notification_requests_total{integration="email"} ${it.mail++}\n`);
    if (path !== '/-/reload') return Response.json({});
    if (answers.reload instanceof Error) throw answers.reload;
    if (answers.reload === undefined && answers.shows !== false) it.loaded = it.text!;
    return new Response('line 3: nonsense', { status: answers.reload ?? 200 });
  };
  const http = { fetch: fetching as typeof fetch, timeoutSeconds: 1, answerBytesMax: 100_000 };
  const ports = {
    ...{ http, alertmanager: 'http://alertmanager', sha256Hex: (text: string) => `${text.length}`.padStart(16, '0') },
    inbox: { url: 'http://console/api/v1/inbox', tokenFile: '/token', caFile: '' },
    file: {
      read: () => it.text,
      faultsOf: async () => answers.faults,
      write: (text: string) => {
        it.text = text;
      },
    },
    sleep: async () => {},
  };
  return Object.assign(it, { ports, apply: () => applyConfiguration(noNotifications, {}, ports) });
}

describe('settings', () => {
  test('count once Alertmanager shows them', async () => {
    const it = open();
    expect(await it.apply()).toEqual({ state: 'applied' });
    expect(it.loaded).toContain('as of ');
    expect(await it.apply()).toEqual({ state: 'applied' });
  });

  test('that Alertmanager says it loaded and does not show are not in force', async () => {
    expect(await open({ shows: false }).apply()).toMatchObject({ state: 'waiting' });
  });

  test('that amtool refuses are never written', async () => {
    const it = open({ faults: 'no such zone' });
    await expect(it.apply()).rejects.toThrow('amtool refuses these settings: no such zone');
    expect(it.text).toBe('before');
  });

  test('that Alertmanager refuses are taken back', async () => {
    const it = open({ reload: 500 });
    await expect(it.apply()).rejects.toThrow('Alertmanager refuses these settings: answered 500: line 3');
    expect(it.text).toBe('before');
  });

  test('wait for an Alertmanager that does not answer', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const it = open({ reload: new TypeError('fetch failed', { cause: refused }) });
    expect(await it.apply()).toMatchObject({ state: 'waiting', reason: 'Alertmanager does not answer (ECONNREFUSED)' });
    expect(it.text).toContain('as of ');
  });
});

test('settings wait for an Alertmanager that is not ready: that is no fault of theirs', async () => {
  const it = open({ reload: 503 });
  expect(await it.apply()).toMatchObject({
    state: 'waiting',
    reason: expect.stringContaining('Alertmanager is not ready (503)'),
  });
  expect(it.text).toContain('as of ');
});

describe('the test button', () => {
  const common = { id: 'r', name: 'R', enabled: true, least: 'info', resolved: true } as const;
  const told = { byNonce: () => undefined, randomId: () => 'n', unixSeconds: () => 1_800_000_000 };

  test('nobody says what became of it: unknown, never sent', async () => {
    const outcome = await testReceiver({ ...common, kind: 'slack' }, { ...open().ports, ...told });
    expect(outcome).toMatchObject({ receiver: 'r', outcome: 'unknown' });
  });

  test('a mail is sent once the mail server took one more', async () => {
    const mail = { ...common, kind: 'email' as const, to: ['a@b'], from: 'c@d', smarthost: 'm:25', username: '' };
    const outcome = await testReceiver({ ...mail, requireTls: true }, { ...open().ports, ...told });
    expect(outcome).toMatchObject({ outcome: 'sent' });
  });
});
