// Which alert holds back which: the graver one on the same thing, and never one on another thing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../compose/place.ts';
import { noNotifications } from '../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../core/lib/alertmanager-config.ts';

type Labels = Record<string, string>;
interface Inhibition {
  source_matchers: string[];
  target_matchers: string[];
  equal: string[];
}
interface TestFile {
  tests: { alert_rule_test: { alertname: string; exp_alerts: { exp_labels: Labels }[] }[] }[];
}

const text = renderAlertmanager({ settings: noNotifications, secrets: {}, inbox: undefined, mark: '' });
const inhibitions = (JSON.parse(text.replace(/^#.*\n/, '')) as { inhibit_rules: Inhibition[] }).inhibit_rules;

/** They say more about a thing that another label names already. */
const describing = ['severity', 'alertname', 'id', 'image', 'fstype', 'device_error', 'type', 'index', 'path'];

/** By alert, the labels that its promtool tests expect. */
function labelsOfAlerts(): Map<string, Labels> {
  const files = readdirSync(join(root, 'alerts/tests')).map(
    (file) => parse(readFileSync(join(root, 'alerts/tests', file), 'utf8')) as TestFile,
  );
  const found = new Map<string, Labels>();
  for (const { alertname, exp_alerts } of files.flatMap(({ tests }) => tests).flatMap((one) => one.alert_rule_test))
    for (const { exp_labels } of exp_alerts) found.set(alertname, { ...found.get(alertname), ...exp_labels });
  return found;
}

/** As Alertmanager does it: a label that both lack is equal. https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule */
function holdsBack(source: Labels, target: Labels): boolean {
  return inhibitions.some(
    ({ source_matchers, target_matchers, equal }) =>
      source_matchers.every((one) => fits(one, source)) &&
      target_matchers.every((one) => fits(one, target)) &&
      equal.every((label) => (source[label] ?? '') === (target[label] ?? '')),
  );
}

function fits(matcher: string, labels: Labels): boolean {
  const [, name, sign, value] = /^(\w+)(=~|=)"(.*)"$/.exec(matcher)!;
  const label = labels[name!] ?? '';
  return sign === '=' ? label === value : new RegExp(`^(?:${value})$`).test(label);
}

test('what tells one thing from another is compared wherever rules of one subject differ in severity', () => {
  const compared = new Set(inhibitions[0]!.equal);
  const alerts = [...labelsOfAlerts().entries()];
  const bySubject = Map.groupBy(alerts, ([, { subject }]) => subject);
  const mixed = [...bySubject.values()].filter((ones) => new Set(ones.map(([, { severity }]) => severity)).size > 1);
  expect(mixed.length).toBeGreaterThan(8);
  const forgotten = mixed
    .flat()
    .flatMap(([alert, labels]) => Object.keys(labels).map((label) => ({ alert, label })))
    .filter(
      ({ label }) => !compared.has(label) && !describing.includes(label) && !label.startsWith('container_label_'),
    );
  expect(forgotten).toEqual([]);
});

const on = (severity: string, subject: string, labels: Labels = {}) => ({
  severity,
  subject,
  instance: 'a',
  ...labels,
});
const named = (alertname: string, labels: Labels = {}) => ({
  alertname,
  instance: 'a',
  severity: 'warning',
  ...labels,
});

describe('is held back', () => {
  test.each([
    {
      given: 'a certificate that expires in two weeks, while the same one expires tomorrow',
      source: on('critical', 'certificate', { file: 'a.pem' }),
      target: on('warning', 'certificate', { file: 'a.pem' }),
      held: true,
    },
    {
      given: 'a certificate that expires in two weeks, while another expires tomorrow',
      source: on('critical', 'certificate', { file: 'a.pem' }),
      target: on('warning', 'certificate', { file: 'b.pem' }),
      held: false,
    },
    {
      given: 'a slow revision, while another deployment fails',
      source: on('critical', 'ingress', { environment: 'default', deployment: 'shop', revision: 'r1' }),
      target: on('warning', 'ingress', { environment: 'default', deployment: 'blog', revision: 'r1' }),
      held: false,
    },
    {
      given: 'scores of a detector that is down',
      source: { ...named('TargetDown', { job: 'detectors', detector: 'gpu' }), severity: 'critical' },
      target: named('ScoresStale', { job: 'detectors', detector: 'gpu' }),
      held: true,
    },
    {
      given: 'scores of a detector, while another is down',
      source: { ...named('TargetDown', { job: 'detectors', detector: 'gpu' }), severity: 'critical' },
      target: named('ScoresStale', { job: 'detectors', detector: 'disk' }),
      held: false,
    },
    {
      given: 'a slow name server of another machine',
      source: { ...named('DnsDown'), severity: 'critical' },
      target: named('DnsSlow', { instance: 'b' }),
      held: false,
    },
    {
      given: 'the engine that the collector does not reach, while the broker does not, either',
      source: named('BrokerWithoutEngine', { severity: 'critical', job: 'broker' }),
      target: named('EngineDown', { severity: 'critical', job: 'node' }),
      held: true,
    },
    {
      given: 'the engine, while the broker between is down',
      source: named('TargetDown', { severity: 'critical', job: 'broker' }),
      target: named('EngineDown', { severity: 'critical', job: 'node' }),
      held: true,
    },
    {
      given: 'the engine, while another process is down',
      source: named('TargetDown', { severity: 'critical', job: 'prometheus' }),
      target: named('EngineDown', { severity: 'critical', job: 'node' }),
      held: false,
    },
    {
      given: 'replicas that fail again and again, while none is left',
      source: named('DeploymentDown', { severity: 'critical', environment: 'e1', deployment: 'shop' }),
      target: named('DeploymentReplicasRestarting', { severity: 'critical', environment: 'e1', deployment: 'shop' }),
      held: true,
    },
    {
      given: 'a deployment without a replica, while requests to another are answered by nobody',
      source: named('DeploymentWithoutServer', { severity: 'critical', environment: 'e1', deployment: 'blog' }),
      target: named('DeploymentDown', { severity: 'critical', environment: 'e1', deployment: 'shop' }),
      held: false,
    },
  ])('$given → $held', ({ source, target, held }) => {
    expect(holdsBack(source, target)).toBe(held);
  });
});
