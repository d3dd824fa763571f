// What panels say of a machine that is well, unwell or silent, on a real Prometheus: what is unknown is never shown as fine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboard } from '../../grafana/build/dashboard.ts';
import { dashboards } from '../../grafana/dashboards/index.ts';
import { engines } from '../engines.ts';
import { runPanels } from './run-panels.ts';
import { said, startTold, type Told } from './told.ts';

const [engine] = engines;
const unknown = undefined;
const aYear = 31_536_000;

/** The one number of a panel; undefined where it says "unknown". */
async function numberOf({ url }: Told, panel: string, instance?: string): Promise<number | undefined> {
  const series = await said(url, panel, instance);
  expect(series.length).toBeLessThanOrEqual(1);
  return series[0]?.last;
}

const disk = 'device="/dev/vda",fstype="ext4"';
const filesystem = (machine: string, availableBytes: number) => [
  `node_filesystem_avail_bytes{${disk},mountpoint="/",instance="${machine}"} ${availableBytes}`,
  `node_filesystem_size_bytes{${disk},mountpoint="/",instance="${machine}"} 1e11`,
];

/** What differs between a machine that is well and one that is not: 1 is well. */
function machine(well: 0 | 1): string[] {
  return [
    `node_scrape_collector_success{collector="load"} 1`,
    `node_scrape_collector_success{collector="disk"} ${well}`,
    `node_power_supply_online{power_supply="AC"} ${well}`,
    `node_network_carrier{device="eth0"} ${well}`,
    `anomaly_score{detector="process",metric="_all",groupname="a"} 50`,
    `anomaly_score{detector="process",metric="_all",groupname="b"} ${well === 1 ? 50 : 99.9}`,
    `fault ${1 - well}`,
    `process_threats{tier="critical",category="shell"} ${1 - well}`,
    `process_threats{tier="medium",category="shell"} ${2 - 2 * well}`,
    'process_threats{tier="low",category="shell"} 26',
    'node_memory_MemAvailable_bytes 25',
    'node_memory_MemTotal_bytes 100',
    'node_hwmon_temp_celsius{chip="cpu",sensor="temp1"} 50',
    'dns_resolution_duration_seconds{server="192.0.2.1",name="a.test"} 0.2',
    'nvidia_smi_utilization_gpu_ratio{uuid="GPU-1"} 0.3',
    ...filesystem('here', 5e10),
    ...filesystem('full', 0),
  ];
}

describe.skipIf(engine === undefined)('a Prometheus that knows nothing', () => {
  let told: Told;
  beforeAll(async () => {
    told = await startTold(engine!, { collector: false });
  });
  afterAll(() => told?.close());

  test('no panel says anything', { timeout: 60_000 }, async () => {
    const ran = await runPanels(told.url, dashboards.map(dashboard));
    expect(ran.length).toBeGreaterThan(250);
    expect(ran.filter(({ series, error }) => series > 0 || error !== undefined)).toEqual([]);
  });
});

describe.skipIf(engine === undefined)('a machine', () => {
  let told: Told;
  beforeAll(async () => {
    const rules = [
      { alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } },
      { alert: 'Fault', expr: 'fault == 1', labels: { severity: 'critical' } },
      { alert: 'There', expr: 'fault == 1', labels: { severity: 'warning', instance: 'there' } },
      { alert: 'Anywhere', expr: 'max(fault == 1)', labels: { severity: 'warning' } },
    ];
    told = await startTold(engine!, { collector: true, rules });
  });
  afterAll(() => told?.close());

  const panels = [
    { panel: 'overview: Alerts that fire', well: 0, unwell: 2, silent: 0 },
    { panel: 'overview: Machines silent', well: 0, unwell: 0, silent: 1 },
    { panel: 'appliance: Sources that fail', well: 0, unwell: 1, silent: unknown },
    { panel: 'network: Sent again', well: unknown, unwell: unknown, silent: unknown },
    { panel: 'network: Links down', well: 0, unwell: 1, silent: unknown },
    { panel: 'power-thermal: Power supplies that are off', well: 0, unwell: 1, silent: unknown },
    { panel: 'anomalies: Rarer than 1 in 100', well: 0, unwell: 0.5, silent: unknown },
    { panel: 'node: Memory', well: 0.75, unwell: 0.75, silent: unknown },
    { panel: 'power-thermal: Hottest sensor', well: 50, unwell: 50, silent: unknown },
    { panel: 'dns: Slowest answer', well: 0.2, unwell: 0.2, silent: unknown },
    { panel: 'gpu: Busiest', well: 0.3, unwell: 0.3, silent: unknown },
    { panel: 'process-security: Threats', well: 0, unwell: 3, silent: unknown },
    { panel: 'disks: Full in', well: aYear, unwell: aYear, silent: unknown },
  ];

  describe('that is well', () => {
    beforeAll(() => told.tell(machine(1)));

    test.each(panels)('$panel: $well', async ({ panel, well }) => {
      expect(await numberOf(told, panel, 'here')).toBe(well);
    });

    test.each([
      { given: 'a full filesystem', instance: 'full', says: 0 },
      { given: 'a machine without a trend', instance: 'nobody', says: unknown },
    ])('$given is full in $says s', async ({ instance, says }) => {
      expect(await numberOf(told, 'disks: Full in', instance)).toBe(says);
    });

    test('what is counted by machine has no nameless machine in it', async () => {
      const counted = await said(told.url, 'process-security: Unusual process groups');
      expect(counted).toEqual([{ labels: { instance: 'here' }, last: 0 }]);
    });
  });

  describe('that is unwell', () => {
    beforeAll(() => told.tell(machine(0)));

    test.each(panels)('$panel: $unwell', async ({ panel, unwell }) => {
      expect(await numberOf(told, panel, 'here')).toBe(unwell);
    });

    test.each([
      { chosen: 'here', says: 2 },
      { chosen: 'there', says: 2 },
      { chosen: '(here|there)', says: 3 },
      { chosen: 'full', says: 1 },
      { chosen: '.+', says: 3 },
    ])('with $chosen chosen, $says alerts fire: its own, and the one on no machine in particular', async (given) => {
      expect(await numberOf(told, 'overview: Alerts that fire', given.chosen)).toBe(given.says);
    });
  });

  describe('that is silent', () => {
    beforeAll(() => told.tell(undefined));

    test.each(panels)('$panel: $silent', async ({ panel, silent }) => {
      expect(await numberOf(told, panel, 'here')).toBe(silent);
    });
  });
});

/** Many that are well, and last by name one that is not. */
function crowd(count: number, series: (name: string) => string, well: number): string[] {
  const names = Array.from({ length: count }, (_, at) => `a${String(at).padStart(2, '0')}`);
  return [...names.map((name) => `${series(name)} ${well}`), `${series('sick')} 0`];
}

describe.skipIf(engine === undefined)('more than a panel shows', () => {
  let told: Told;
  beforeAll(async () => {
    told = await startTold(engine!, { collector: true });
    await told.tell([
      ...crowd(12, (name) => `container_health_state{instance="here",name="${name}"}`, 1),
      ...Array.from({ length: 12 }, (_, at) => `container_health_state{instance="here",name="unchecked${at}"} -1`),
      ...crowd(60, (name) => `dns_resolution_success{instance="here",server="192.0.2.1",name="${name}"}`, 1),
      ...crowd(30, (name) => `up{instance="here",job="detectors",detector="${name}"}`, 1),
      ...crowd(120, (name) => `node_scrape_collector_success{instance="here",collector="${name}"}`, 1),
      ...crowd(12, (name) => `ingress_servers_up{environment="e",deployment="shop",revision="${name}"}`, 3),
      ...crowd(12, (name) => `node_hwmon_fan_rpm{instance="here",chip="c",sensor="${name}"}`, 900),
    ]);
  });
  afterAll(() => told?.close());

  test.each([
    { panel: 'containers: Health', by: 'name', most: 8 },
    { panel: 'dns: Answered', by: 'name', most: 8 },
    { panel: 'dns: Answered over 15 minutes', by: 'name', most: 8 },
    { panel: 'dns: Servers and names', by: 'name', most: 50 },
    { panel: 'appliance: Answering', by: 'detector', most: 20 },
    { panel: 'appliance: Sources', by: 'collector', most: 100 },
    { panel: 'deployments: Servers that pass their check', by: 'revision', most: 8 },
    { panel: 'power-thermal: Fans', by: 'sensor', most: 8 },
  ])('$panel: the one that is unwell is among the $most', async ({ panel, by, most }) => {
    const series = await said(told.url, panel);
    expect(series.length).toBe(most);
    expect(series.filter(({ labels }) => labels[by] === 'sick').map(({ last }) => last)).toEqual([0]);
    expect(series.filter(({ last }) => last < 0)).toEqual([]);
  });
});
