// Alertmanager's configuration from the settings for notifications: one pure function, JSON being valid YAML.
import { type NotificationSettings, type Receiver, weekdays } from '../contracts/notifications.ts';
import { alertsPath, consoleRoot, runbookPlace, thingLabels } from './alert-link.ts';

export interface ConfigPlan {
  settings: NotificationSettings;
  /** By receiver. */
  secrets: Readonly<Record<string, string>>;
  /** How Alertmanager reaches the control plane; undefined before there is one. */
  inbox: Inbox | undefined;
  /** Stands in the configuration, so that whoever reads it back knows which one is loaded. */
  mark: string;
}

export interface Inbox {
  /** Address of the API's inboxes. */
  url: string;
  /** As Alertmanager sees them; no file, no such setting. */
  tokenFile: string;
  caFile: string;
}

/** Alerts of one message; the rest is counted. Annotations are long, and the control plane takes no large bodies. */
const alertsMax = 40;
const quiet = 'quiet hours';
const milder = { critical: [], warning: ['warning'], info: ['warning', 'info'] } as const;

const mailSubject =
  '[{{ .Status | toUpper }}{{ if eq .Status "firing" }} {{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} {{ .CommonLabels.instance }}';
const [mailAlert, mailEnd] = [
  '{{ range .Alerts }}{{ .Status | toUpper }} {{ .Labels.severity }} {{ .Labels.alertname }}\n{{ .Annotations.summary }}\n{{ .Annotations.description }}\n{{ with .Annotations.culprits }}Top: {{ . }}\n{{ end }}',
  'Since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05" }} UTC\n\n{{ end }}',
];
/** Letters and digits alone, whoever named the alert. */
const mailName = '{{ .Labels.alertname | reReplaceAll "[^A-Za-z0-9_]" "" }}';

/** Alertmanager's templates cannot encode an alert's labels: the link leads to all alerts of its name. */
function mailText(consoleUrl: string): string {
  const linked = `What to do: ${consoleRoot(consoleUrl)}${alertsPath(mailName)}\n`;
  const file = '{{ .Annotations.runbook | reReplaceAll "#.*" "" }}';
  const named = `{{ if .Annotations.runbook }}What to do: ${runbookPlace(mailName, file)}\n{{ end }}`;
  return `${mailAlert}${consoleUrl === '' ? named : linked}${mailEnd}`;
}

/** The whole text of alertmanager.yml. */
export function renderAlertmanager(plan: ConfigPlan): string {
  const { settings, inbox, mark } = plan;
  const receivers = settings.receivers.filter(({ enabled }) => enabled);
  const configuration = {
    route: {
      receiver: 'kept',
      group_by: settings.groupBy,
      group_wait: `${settings.groupWaitSeconds}s`,
      group_interval: `${settings.groupIntervalSeconds}s`,
      repeat_interval: `${settings.repeatOtherSeconds}s`,
      routes: [
        ...receivers.map(testRoute),
        { receiver: inbox === undefined ? 'kept' : 'watchdog', matchers: ['alertname="Watchdog"'], ...everyMinute },
        ...(inbox === undefined ? [] : [{ receiver: 'inbox', continue: true }]),
        ...receivers.flatMap((one) => routesOf(one, settings)),
      ],
    },
    inhibit_rules: inhibitions,
    ...(settings.quietHours.spans.length > 0 && {
      time_intervals: [{ name: quiet, time_intervals: quietIntervals(settings) }],
    }),
    receivers: [
      { name: 'kept' },
      ...(mark === '' ? [] : [{ name: `as of ${mark}` }]),
      ...(inbox === undefined
        ? []
        : [
            { name: 'inbox', ...webhook('alertmanager', inbox, true) },
            { name: 'watchdog', ...webhook('notifications', inbox, false) },
          ]),
      ...receivers.flatMap((one) => [told(one, plan, one.id, one.resolved), told(one, plan, `test ${one.id}`, false)]),
    ],
  };
  return `# Written by Odyssey from its settings; changes made here are lost.\n${JSON.stringify(configuration, null, 1)}\n`;
}

const everyMinute = { group_wait: '0s', group_interval: '1m', repeat_interval: '1m' };

/** A test is a group of its own and goes out at once, to the one that is tested. */
function testRoute({ id }: Receiver) {
  return {
    receiver: `test ${id}`,
    matchers: [`odyssey_test="${id}"`],
    ...{ group_by: ['nonce'], group_wait: '0s', group_interval: '1m', repeat_interval: '1d' },
  };
}

function routesOf({ id, least }: Receiver, { repeatCriticalSeconds, quietHours }: NotificationSettings) {
  const critical = {
    ...{ receiver: id, matchers: ['severity="critical"'], repeat_interval: `${repeatCriticalSeconds}s` },
    continue: true,
  };
  const others = milder[least];
  if (others.length === 0) return [critical];
  const mute = quietHours.spans.length > 0 && { mute_time_intervals: [quiet] };
  return [critical, { receiver: id, matchers: [`severity=~"${others.join('|')}"`], ...mute, continue: true }];
}

/** `subject` names what a rule watches: only the milder rule on the same thing is held back. */
const sameThing = ['subject', ...thingLabels];
const inhibitions = [
  { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal: sameThing },
  { source_matchers: ['severity="warning"'], target_matchers: ['severity="info"'], equal: sameThing },
  // What is down cannot be slow or incomplete as well.
  {
    source_matchers: ['alertname="TargetDown"'],
    target_matchers: ['alertname=~"CollectorSourceFailing|SeriesDropped|ScrapeSlow|ScoresStale|DetectorFailing"'],
    equal: ['instance', 'job', 'detector'],
  },
  {
    source_matchers: ['alertname="DnsDown"'],
    target_matchers: ['alertname=~"DnsFailing|DnsSlow"'],
    equal: ['instance'],
  },
  // One fault that two see, or that shows in two ways, is told once.
  {
    source_matchers: ['alertname="BrokerWithoutEngine"'],
    target_matchers: ['alertname="EngineDown"'],
    equal: ['instance'],
  },
  {
    source_matchers: ['alertname="TargetDown"', 'job="broker"'],
    target_matchers: ['alertname="EngineDown"'],
    equal: ['instance'],
  },
  {
    source_matchers: ['alertname="DeploymentWithoutServer"'],
    target_matchers: ['alertname="DeploymentDown"'],
    equal: ['instance', 'environment', 'deployment'],
  },
  {
    source_matchers: ['alertname=~"DeploymentWithoutServer|DeploymentDown"'],
    target_matchers: ['alertname="DeploymentReplicasRestarting"'],
    equal: ['instance', 'environment', 'deployment'],
  },
];

/** Alertmanager's spans end within their day, so one that goes past midnight becomes two. */
function quietIntervals({ quietHours: { spans, timeZone } }: NotificationSettings) {
  const at = (days: readonly string[], start: string, end: string) => ({
    ...{ weekdays: days, times: [{ start_time: start, end_time: end }], location: timeZone },
  });
  return spans.flatMap(({ days, from, to }) => {
    if (from < to) return [at(days, from, to)];
    const after = days.map((day) => weekdays[(weekdays.indexOf(day) + 1) % 7]!);
    return [at(days, from, '24:00'), ...(to === '00:00' ? [] : [at(after, '00:00', to)])];
  });
}

function told(one: Receiver, { settings, secrets, inbox }: ConfigPlan, name: string, resolved: boolean) {
  if (one.kind !== 'email') return { name, ...(inbox && webhook('notifications', inbox, resolved)) };
  const password = secrets[one.id] ?? '';
  const email = {
    ...{ to: one.to.join(', '), from: one.from, smarthost: one.smarthost, require_tls: one.requireTls },
    ...(one.username !== '' && { auth_username: one.username }),
    ...(password !== '' && { auth_password: password }),
    ...{ send_resolved: resolved, headers: { Subject: mailSubject }, text: mailText(settings.consoleUrl), html: '' },
  };
  return { name, email_configs: [email] };
}

function webhook(path: string, { url, tokenFile, caFile }: Inbox, resolved: boolean) {
  const one = {
    url: `${url}/${path}`,
    ...{ send_resolved: resolved, max_alerts: alertsMax },
    http_config: {
      ...(tokenFile !== '' && { authorization: { credentials_file: tokenFile } }),
      ...(caFile !== '' && { tls_config: { ca_file: caFile } }),
    },
  };
  return { webhook_configs: [one] };
}
