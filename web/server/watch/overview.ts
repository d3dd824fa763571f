// The overview: machines, containers, GPUs, scrape targets, firing alerts and our own bill, each part known or unknown by itself.
import type { z } from 'zod';
import type {
  billView,
  containerView,
  gpuView,
  nodeView,
  overview,
  targetView,
} from '../../../core/contracts/api-watch.ts';
import type { Prometheus } from '../../../core/runtime/prometheus.ts';
import { readAlerts } from './alerts.ts';
import { type AnomalyPorts, readThings } from './anomalies.ts';
import { keysOf, readOne, type Series, sectionOf } from './reading.ts';

export type Overview = z.infer<typeof overview>;

export interface OverviewPorts extends AnomalyPorts {
  prometheus: Prometheus;
}

const ours = 'job=~"node|gpu|detectors|control-plane|broker|prometheus|alertmanager"';
const ofIngress = (expression: string) => `sum by (job) (label_replace(${expression}, "job", "ingress", "", ""))`;

export const expressions = {
  up: 'up',
  cpu: '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m]))',
  memory: '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
  disk: 'max by (instance) (1 - node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs|overlay|squashfs"} / node_filesystem_size_bytes)',
  load: 'node_load1',
  containerCpu: 'sum by (instance, name) (rate(container_cpu_usage_seconds_total{name!=""}[1m]))',
  containerMemory: 'sum by (instance, name) (container_memory_working_set_bytes{name!=""})',
  gpuUse: 'max by (instance, uuid) (nvidia_smi_utilization_gpu_ratio)',
  gpuTemperature: 'max by (instance, uuid) (nvidia_smi_temperature_gpu)',
  gpuPower: 'max by (instance, uuid) (nvidia_smi_power_draw_watts)',
  // A process tells its cost on one of its targets only, so a sum counts it once; the ingress, which tells none, is a container's.
  billMemory: `sum by (job) (process_resident_memory_bytes{${ours}}) or ${ofIngress('container_memory_working_set_bytes{name="odyssey-haproxy"}')}`,
  billCpu: `sum by (job) (rate(process_cpu_seconds_total{${ours}}[5m])) or ${ofIngress('rate(container_cpu_usage_seconds_total{name="odyssey-haproxy"}[5m])')}`,
} as const;

export async function readOverview(ports: OverviewPorts): Promise<Overview> {
  const now = ports.unixSeconds();
  const ask = (name: keyof typeof expressions) => ports.prometheus.query(expressions[name], now);
  const [nodes, containers, gpus, targets, alerts, bill, anomalies] = await Promise.all([
    sectionOf(async () => nodesOf(await asked(ask, ['up', 'cpu', 'memory', 'disk', 'load']))),
    sectionOf(async () => containersOf(await asked(ask, ['containerCpu', 'containerMemory']))),
    sectionOf(async () => gpusOf(await asked(ask, ['gpuUse', 'gpuTemperature', 'gpuPower']))),
    sectionOf(async () => targetsOf(await ask('up'))),
    sectionOf(() => readAlerts(ports.prometheus)),
    sectionOf(async () => billOf(await asked(ask, ['up', 'billMemory', 'billCpu']))),
    readThings(ports),
  ]);
  return { atSeconds: now, nodes, containers, gpus, targets, alerts, bill, anomalies };
}

type Ask = (name: keyof typeof expressions) => Promise<Series[]>;

async function asked<const N extends keyof typeof expressions>(
  ask: Ask,
  names: readonly N[],
): Promise<Record<N, Series[]>> {
  const answers = await Promise.all(names.map(async (name) => [name, await ask(name)] as const));
  return Object.fromEntries(answers) as Record<N, Series[]>;
}

/** Machines are known from their scrape target, so that one whose data stopped is shown as unknown and not left out. */
function nodesOf(found: Record<'up' | 'cpu' | 'memory' | 'disk' | 'load', Series[]>): z.infer<typeof nodeView>[] {
  const scraped = found.up.filter(({ labels }) => labels['job'] === 'node');
  return keysOf([scraped, found.load], ['instance']).map(({ instance }) => ({
    instance,
    cpuRatio: readOne(found.cpu, { instance }),
    memoryRatio: readOne(found.memory, { instance }),
    diskRatio: readOne(found.disk, { instance }),
    load1: readOne(found.load, { instance }),
  }));
}

function containersOf(found: Record<'containerCpu' | 'containerMemory', Series[]>): z.infer<typeof containerView>[] {
  return keysOf([found.containerCpu, found.containerMemory], ['instance', 'name']).map((key) => ({
    ...key,
    cpuCores: readOne(found.containerCpu, key),
    memoryBytes: readOne(found.containerMemory, key),
  }));
}

function gpusOf(found: Record<'gpuUse' | 'gpuTemperature' | 'gpuPower', Series[]>): z.infer<typeof gpuView>[] {
  return keysOf([found.gpuUse, found.gpuTemperature, found.gpuPower], ['instance', 'uuid']).map((key) => ({
    ...key,
    utilizationRatio: readOne(found.gpuUse, key),
    temperatureCelsius: readOne(found.gpuTemperature, key),
    powerWatts: readOne(found.gpuPower, key),
  }));
}

function targetsOf(series: readonly Series[]): z.infer<typeof targetView>[] {
  return series.map(({ labels, value }) => ({
    job: labels['job'] ?? '',
    instance: labels['instance'] ?? '',
    up: value === 1,
  }));
}

/** Parts are known from their targets: one that does not tell its cost is shown as unknown and not left out of the bill. */
function billOf(found: Record<'up' | 'billMemory' | 'billCpu', Series[]>): z.infer<typeof billView>[] {
  return keysOf([found.up, found.billMemory, found.billCpu], ['job']).map((key) => ({
    ...key,
    memoryBytes: readOne(found.billMemory, key),
    cpuCores: readOne(found.billCpu, key),
  }));
}
