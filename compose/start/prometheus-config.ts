// The configuration that Prometheus and Alertmanager are started with on one machine.
import { noNotifications } from '../../core/contracts/notifications.ts';
import { renderAlertmanager } from '../../core/lib/alertmanager-config.ts';
import type { Ports } from '../ports.ts';

export interface ScrapePlan {
  /** The node's name: every series of this machine carries it as its instance. */
  instance: string;
  ports: Ports;
  /** Where each process answers: loopback on one machine, the service's name in compose. */
  hosts: ProcessHosts;
  /** Glob of the rule files, absolute. */
  ruleFiles: string;
  /** Whether a broker runs here: what is not started must not be reported as down. */
  broker: boolean;
  /** Name of a second collector that sees the GPUs, asked for them and its own cost alone; it is scraped for as long as the name leads somewhere. */
  gpuCollector?: string;
}

type ScrapedProcess = 'collector' | 'detectors' | 'control-plane' | 'broker' | 'prometheus' | 'alertmanager';
export type ProcessHosts = (process: ScrapedProcess) => string;

/** Where everything runs on one machine, without containers. */
export const onLoopback: ProcessHosts = () => '127.0.0.1';

interface Job {
  name: string;
  /** Targets of one job tell their `up` series apart by these labels. */
  targets: readonly { address: string; labels: Readonly<Record<string, string>> }[];
  honorLabels: boolean;
  /** Above the caps of the process itself: a scrape that reaches it is dropped whole, and an alert says so. */
  sampleLimit: number;
}

const labelLimit = 64;
const labelNameBytesMax = 200;
const labelValueBytesMax = 2_048; // 512 characters of at most four bytes

/** prometheus.yml. JSON strings are valid YAML, so every text is written as one. */
export function renderPrometheusConfig(plan: ScrapePlan): string {
  return [
    '# Written at every start; changes made here are lost.',
    'global:',
    '  scrape_interval: 15s',
    '  scrape_timeout: 10s',
    '  evaluation_interval: 15s',
    'rule_files:',
    `  - ${JSON.stringify(plan.ruleFiles)}`,
    'alerting:',
    '  alertmanagers:',
    `    - static_configs: [{ targets: [${JSON.stringify(address(plan, 'alertmanager', plan.ports.alertmanager))}] }]`,
    'scrape_configs:',
    ...jobsOf(plan).flatMap((job) => renderJob(job, plan.instance)),
    ...renderIngressJob(plan.instance),
    ...(plan.gpuCollector === undefined ? [] : renderGpuJob(plan.gpuCollector, plan)),
    '',
  ].join('\n');
}

function jobsOf(plan: ScrapePlan): readonly Job[] {
  const { ports, broker } = plan;
  const detectors = (['gpu', 'container', 'process', 'disk'] as const).map((detector) => ({
    address: address(plan, 'detectors', ports[`detectors ${detector}`]),
    labels: { detector },
  }));
  const one = (process: ScrapedProcess, port: number) => [{ address: address(plan, process, port), labels: {} }];
  const own = { honorLabels: false, sampleLimit: 10_000 };
  return [
    { name: 'node', targets: one('collector', ports.collector), honorLabels: false, sampleLimit: 100_000 },
    { name: 'detectors', targets: detectors, honorLabels: true, sampleLimit: 50_000 },
    {
      name: 'control-plane',
      targets: one('control-plane', ports['control plane']),
      honorLabels: true,
      sampleLimit: 50_000,
    },
    ...(broker ? [{ name: 'broker', targets: one('broker', ports.broker), ...own }] : []),
    { name: 'prometheus', targets: one('prometheus', ports.prometheus), ...own },
    { name: 'alertmanager', targets: one('alertmanager', ports.alertmanager), ...own },
  ];
}

/** In compose the GPUs are passed to a container of its own, which is there only with the profile `gpu`. */
function renderGpuJob(name: string, { instance, ports }: ScrapePlan): string[] {
  return [
    '  - job_name: gpu',
    '    sample_limit: 50000',
    ...renderLabelLimits(),
    "    params: { 'collect[]': [gpu, gpu_health, process] }",
    '    dns_sd_configs:',
    `      - { names: [${JSON.stringify(name)}], type: A, port: ${ports.collector}, refresh_interval: 30s }`,
    '    relabel_configs:',
    `      - { target_label: instance, replacement: ${JSON.stringify(instance.replaceAll('$', '$$$$'))} }`,
  ];
}

/** HAProxy is there only once a deployment needs it: then the control plane writes its address into the file. Servers come and go, so they are left out. */
function renderIngressJob(instance: string): string[] {
  return [
    '  - job_name: ingress',
    '    sample_limit: 50000',
    ...renderLabelLimits(),
    '    params: { scope: [global, frontend, backend] }',
    '    file_sd_configs:',
    '      - files: ["targets/ingress.json"]',
    '    relabel_configs:',
    `      - { target_label: instance, replacement: ${JSON.stringify(instance.replaceAll('$', '$$$$'))} }`,
  ];
}

function renderJob(job: Job, instance: string): string[] {
  return [
    `  - job_name: ${job.name}`,
    ...(job.honorLabels ? ['    honor_labels: true'] : []),
    `    sample_limit: ${job.sampleLimit}`,
    ...renderLabelLimits(),
    '    static_configs:',
    ...job.targets.flatMap(({ address, labels }) => [
      `      - targets: [${JSON.stringify(address)}]`,
      `        labels: ${JSON.stringify({ instance, ...labels })}`,
    ]),
  ];
}

function renderLabelLimits(): string[] {
  return [
    `    label_limit: ${labelLimit}`,
    `    label_name_length_limit: ${labelNameBytesMax}`,
    `    label_value_length_limit: ${labelValueBytesMax}`,
  ];
}

function address({ hosts }: ScrapePlan, process: ScrapedProcess, port: number): string {
  return `${hosts(process)}:${port}`;
}

/** alertmanager.yml until the control plane writes its own: alerts are grouped and kept, and nobody is told. */
export function renderAlertmanagerConfig(): string {
  return renderAlertmanager({ settings: noNotifications, secrets: {}, inbox: undefined, mark: '' });
}
