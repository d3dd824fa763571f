// What each kind of receiver is sent: one line an alert, nothing that escapes it, and a signature that the published verifier takes.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Receiver } from '../../../../core/contracts/notifications.ts';
import { alertKey } from '../../../../core/lib/alert-link.ts';
import { composeMessage } from '../../../../web/server/notifications/messages.ts';
import type { Delivery } from '../../../../web/server/notifications/store.ts';
import { verifier } from './verifier.ts';

const ports = {
  hmac: (key: Uint8Array, message: Uint8Array) => createHmac('sha256', key).update(message).digest(),
  base64: {
    encode: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
    decode: (text: string) => Buffer.from(text, 'base64'),
  },
};
const common = { id: 'r', name: 'R', enabled: true, least: 'info', resolved: true } as const;
const slack: Receiver = { ...common, kind: 'slack' };
const ntfy: Receiver = { ...common, kind: 'ntfy', server: 'https://ntfy.example.org', topic: 'alerts' };
const webhook: Receiver = { ...common, kind: 'webhook', url: 'https://example.org/hook' };

function deliveryOf(summaries: readonly string[], changes: Partial<Delivery> = {}): Delivery {
  const alerts = summaries.map((summary, at) => ({
    ...{ status: 'firing' as const, labels: { alertname: `Alert${at}`, severity: 'critical' }, fingerprint: 'ab' },
    annotations: { summary, culprits: 'java 3GiB' },
    ...{ startsAt: '2027-01-15T08:00:00Z', endsAt: '0001-01-01T00:00:00Z' },
  }));
  return {
    ...{ seq: 1, id: '00112233445566aa', receiver: 'r', kind: 'slack', nonce: null, state: 'pending', attempts: 0 },
    ...{ createdSeconds: 1_800_000_000, said: '', message: { status: 'firing', truncatedAlerts: 0, alerts } },
    ...changes,
  };
}

function compose(receiver: Receiver, secret: string, delivery: Delivery, consoleUrl = '') {
  return composeMessage({ receiver, secret, delivery, consoleUrl, unixSeconds: 1_800_000_100.7 }, ports);
}

describe('Slack', () => {
  test('one line an alert, with who may be to blame, and a link to the console', () => {
    const { url, body } = compose(
      slack,
      'https://hooks.example.org/T/B/x',
      deliveryOf(['/ is full']),
      'https://console.example.org',
    );
    expect(url).toBe('https://hooks.example.org/T/B/x');
    expect(JSON.parse(body).text).toBe(
      '[1 firing] Alert0\ncritical: / is full (top: java 3GiB)\nWhat to do: <https://console.example.org/alerts?alert=Alert0%20%5B%5D|Alert0>',
    );
  });

  test('names that others chose make no link, no mention and no further line', () => {
    const { body } = compose(
      slack,
      'https://hooks.example.org/x',
      deliveryOf(['<!channel> & <http://evil|here>\r\nall \u202efine']),
    );
    const { text } = JSON.parse(body) as { text: string };
    expect(text).toContain('&lt;!channel&gt; &amp; &lt;http://evil|here&gt; all  fine');
    expect(text.split('\n')).toHaveLength(2);
  });

  test('many alerts are cut and counted', () => {
    const { body } = compose(slack, 'https://hooks.example.org/x', deliveryOf(Array.from({ length: 14 }, () => 'x')));
    expect(JSON.parse(body).text).toContain('… and 4 more');
  });

  test('without its address nothing is sent', () => {
    expect(() => compose(slack, '', deliveryOf(['x']))).toThrow('its address is not set');
  });
});

const onDisk = { instance: 'h1', mountpoint: '/srv & <b>|x' };
function diskFull(labels: Record<string, string> = onDisk): Delivery {
  const delivery = deliveryOf(['/ is full']);
  const alerts = delivery.message.alerts.map((one) => ({
    ...one,
    labels: { alertname: 'DiskFull', severity: 'critical', ...labels },
    annotations: { ...one.annotations, runbook: 'alerts/runbooks/resources.md#diskfull' },
  }));
  return { ...delivery, message: { ...delivery.message, alerts } };
}
/** As a browser reads what was sent. */
const alertIn = (link: string) => new URL(link).searchParams.get('alert');
const secretOf = {
  slack: 'https://hooks.example.org/x',
  ntfy: '',
  webhook: `whsec_${Buffer.alloc(32).toString('base64')}`,
};
const linkFor = {
  slack: (body: string) =>
    /What to do: <([^|>]*)\|DiskFull>$/.exec(JSON.parse(body).text)![1]!.replaceAll('&amp;', '&'),
  ntfy: (body: string) => JSON.parse(body).click as string,
  webhook: (body: string) => JSON.parse(body).alerts[0].link as string,
};

describe.each([{ receiver: slack }, { receiver: ntfy }, { receiver: webhook }] as const)(
  'what to do, by $receiver.kind',
  ({ receiver }) => {
    const body = (delivery: Delivery, consoleUrl: string) =>
      compose(receiver, secretOf[receiver.kind], delivery, consoleUrl).body;

    test('leads to the alert on the console, which finds it by the same name', () => {
      const link = linkFor[receiver.kind](body(diskFull(), 'https://odyssey.example.org/ops/'));
      expect(link.startsWith('https://odyssey.example.org/ops/alerts?alert=')).toBe(true);
      expect(alertIn(link)).toBe(alertKey({ name: 'DiskFull', labels: onDisk }));
    });

    test('leads to the alerts of its name where its labels are too long for an address', () => {
      const link = linkFor[receiver.kind](body(diskFull({ instance: 'x'.repeat(2_000) }), 'https://c.example.org'));
      expect(link).toBe('https://c.example.org/alerts?t.q=DiskFull');
    });

    test('names the section of the runbook where nobody has said how the console is reached', () => {
      const text = body(diskFull(), '');
      expect(text).not.toContain('"click"');
      if (receiver.kind === 'webhook') expect(JSON.parse(text).alerts[0].link).toBeNull();
      else expect(text).toContain('What to do: section DiskFull of alerts/runbooks/resources.md');
    });
  },
);

test('several alerts of one name have one link', () => {
  const delivery = diskFull();
  const [alert] = delivery.message.alerts;
  const message = { ...delivery.message, alerts: [alert!, alert!, alert!] };
  const { text } = JSON.parse(compose(slack, secretOf.slack, { ...delivery, message }, 'https://c.example.org').body);
  expect(text.match(/\|DiskFull>/g)).toHaveLength(1);
});

describe('ntfy', () => {
  test('as JSON, critical with the highest priority, signed in with its token', () => {
    const { url, headers, body } = compose(ntfy, 'tk_1', deliveryOf(['heiß']));
    expect({ url, authorization: headers['authorization'] }).toEqual({
      url: 'https://ntfy.example.org',
      authorization: 'Bearer tk_1',
    });
    expect(JSON.parse(body)).toMatchObject({
      topic: 'alerts',
      priority: 5,
      message: 'critical: heiß (top: java 3GiB)',
    });
  });

  test.each([
    { given: 'letters of two bytes', letter: 'ж' },
    { given: 'signs of four bytes', letter: '🔥' },
  ])('a long message of $given stays below the bytes at which ntfy takes it for a file', ({ letter }) => {
    const { body } = compose(ntfy, '', deliveryOf(Array.from({ length: 10 }, () => letter.repeat(150))));
    const { message } = JSON.parse(body) as { message: string };
    expect(Buffer.byteLength(message)).toBeGreaterThan(2_900);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(3_000);
    expect(message).not.toContain('\ufffd');
  });
});

describe('webhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const { headers, body } = compose(webhook, secret, deliveryOf(['ü']));
  const shown = { headers, body, secret, nowSeconds: 1_800_000_101, seen: new Set<string>() };

  test.each([
    { given: 'as it was sent', changes: {}, expected: 'genuine' },
    { given: 'another body', changes: { body: body.replace('ü', 'u') }, expected: 'forged' },
    { given: 'another id', changes: { headers: { ...headers, 'webhook-id': 'x' } }, expected: 'forged' },
    {
      given: 'another time',
      changes: { headers: { ...headers, 'webhook-timestamp': '1800000099' } },
      expected: 'forged',
    },
    {
      given: 'another secret',
      changes: { secret: `whsec_${Buffer.alloc(32, 8).toString('base64')}` },
      expected: 'forged',
    },
    { given: 'no signature', changes: { headers: { ...headers, 'webhook-signature': '' } }, expected: 'forged' },
    { given: 'six minutes later', changes: { nowSeconds: 1_800_000_460 }, expected: 'old' },
    { given: 'a second time', changes: { seen: new Set(['00112233445566aa']) }, expected: 'replayed' },
  ])('$given → $expected', async ({ changes, expected }) => {
    const { judge } = await verifier();
    expect(judge({ ...shown, seen: new Set(), ...changes })).toBe(expected);
  });

  test('says whether it is a test', () => {
    expect(JSON.parse(body)).toMatchObject({ type: 'alerts', id: '00112233445566aa', truncatedAlerts: 0 });
    expect(JSON.parse(compose(webhook, secret, deliveryOf(['x'], { nonce: 'n' })).body).type).toBe('test');
  });

  test('without a secret nothing is sent', () => {
    expect(() => compose(webhook, '', deliveryOf(['x']))).toThrow('its signing secret is not set');
  });
});
