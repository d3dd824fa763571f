// Alertmanager's configuration as the settings have it, and that amtool of both generations takes it.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { type NotificationSettings, noNotifications, type Receiver } from '../../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../../core/lib/alertmanager-config.ts';
import { engines } from '../../engines.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-alertmanager-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const common = { name: 'N', enabled: true, least: 'warning', resolved: true } as const;
const mail: Receiver = {
  ...{ ...common, id: 'mail', kind: 'email', to: ['a@example.org', 'b@example.org'], from: 'o@example.org' },
  ...{ smarthost: 'mail.example.org:587', username: 'o', requireTls: true },
};
const hook: Receiver = { ...common, id: 'hook', least: 'critical', kind: 'webhook', url: 'https://example.org' };
const inbox = { url: 'http://127.0.0.1:8080/api/v1/inbox', tokenFile: '/run/alertmanager.token', caFile: '' };

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was written
function render(changes: Partial<NotificationSettings> = {}, plan: object = {}): any {
  const settings = { ...noNotifications, receivers: [mail, hook], ...changes };
  const secrets = { mail: 'pass"word: {{ }}' };
  return JSON.parse(renderAlertmanager({ settings, secrets, inbox, mark: 'abc', ...plan }).replace(/^#.*\n/, ''));
}
// biome-ignore lint/suspicious/noExplicitAny: as above
const routesTo = (config: any, receiver: string) => config.route.routes.filter((one: any) => one.receiver === receiver);

describe('alertmanager.yml', () => {
  test('a receiver hears of what is grave enough, what is critical by a route of its own', () => {
    const config = render();
    expect(routesTo(config, 'mail').map(({ matchers }: { matchers: string[] }) => matchers)).toEqual([
      ['severity="critical"'],
      ['severity=~"warning"'],
    ]);
    expect(routesTo(config, 'hook')).toHaveLength(1);
  });

  test('one that is switched off is left out', () => {
    expect(JSON.stringify(render({ receivers: [{ ...mail, enabled: false }] }))).not.toContain('mail.example.org');
  });

  test('quiet hours mute all but what is critical; past midnight they go on the day after', () => {
    const spans = [{ days: ['friday' as const, 'sunday' as const], from: '22:00', to: '07:30' }];
    const config = render({ quietHours: { timeZone: 'Europe/Vienna', spans } });
    const [critical, others] = routesTo(config, 'mail');
    expect(critical).not.toHaveProperty('mute_time_intervals');
    expect(others.mute_time_intervals).toEqual(['quiet hours']);
    expect(config.time_intervals[0].time_intervals).toEqual([
      {
        weekdays: ['friday', 'sunday'],
        times: [{ start_time: '22:00', end_time: '24:00' }],
        location: 'Europe/Vienna',
      },
      {
        weekdays: ['saturday', 'monday'],
        times: [{ start_time: '00:00', end_time: '07:30' }],
        location: 'Europe/Vienna',
      },
    ]);
  });

  test('repeats, groups and waits as told', () => {
    const config = render({
      groupBy: ['subject'],
      groupWaitSeconds: 5,
      repeatCriticalSeconds: 600,
      repeatOtherSeconds: 7_200,
    });
    expect(config.route).toMatchObject({ group_by: ['subject'], group_wait: '5s', repeat_interval: '7200s' });
    expect(routesTo(config, 'mail')[0].repeat_interval).toBe('600s');
  });

  test('tests and the watchdog come first and go nowhere else', () => {
    const [first, second, third] = render().route.routes;
    expect([first.receiver, second.receiver, third.receiver]).toEqual(['test mail', 'test hook', 'watchdog']);
    for (const one of [first, second, third]) expect(one).not.toHaveProperty('continue');
  });

  test.each([
    {
      given: 'with the console\u2019s address',
      consoleUrl: 'https://odyssey.example.org/{{ops}}/',
      line: 'What to do: https://odyssey.example.org/%7B%7Bops%7D%7D/alerts?t.q={{ .Labels.alertname | reReplaceAll "[^A-Za-z0-9_]" "" }}\n',
    },
    {
      given: 'without',
      consoleUrl: '',
      line: 'What to do: section {{ .Labels.alertname | reReplaceAll "[^A-Za-z0-9_]" "" }} of {{ .Annotations.runbook | reReplaceAll "#.*" "" }}',
    },
  ])('a mail says what to do, $given', ({ consoleUrl, line }) => {
    const { receivers } = render({ consoleUrl });
    const { text } = receivers.find(({ name }: { name: string }) => name === 'mail').email_configs[0];
    expect(text).toContain(line);
  });

  test('whoever reads it back knows which one it is', () => {
    expect(render().receivers).toContainEqual({ name: 'as of abc' });
  });

  test.each(engines)('amtool beside $name takes it, empty and full', { timeout: 60_000 }, async ({ amtool }) => {
    const spans = [{ days: ['monday' as const], from: '22:00', to: '00:00' }];
    const full = { ...noNotifications, receivers: [mail, hook], quietHours: { timeZone: 'UTC', spans } };
    const texts = [
      renderAlertmanager({ settings: noNotifications, secrets: {}, inbox: undefined, mark: '' }),
      renderAlertmanager({
        settings: full,
        secrets: { mail: 'pass"word: {{ }}' },
        inbox: { ...inbox, caFile: '/ca' },
        mark: 'x',
      }),
    ];
    for (const [at, text] of texts.entries()) {
      const path = join(folder, `${at}.yml`);
      writeFileSync(path, text);
      const { stdout } = await promisify(execFile)(amtool, ['check-config', path], { timeout: 30_000 });
      expect(stdout).toContain('SUCCESS');
    }
  });
});
