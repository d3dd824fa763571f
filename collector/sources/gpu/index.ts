// NVIDIA GPUs through nvidia-smi, under the names that its community exporter gave them, and ours.
import { counter, gauge, type Labels, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import { redactText } from '../../../core/lib/redact.ts';
import type { Machine, Source } from '../../source.ts';
import type { Engine } from '../containers/engine.ts';
import type { ComputeApp, Gpu } from './csv.ts';
import { createDcgmAliases } from './dcgm.ts';
import { numberFields } from './fields.ts';
import { createSmi, type GpuReading, readSmi, type Smi } from './smi.ts';

export interface Gpus {
  sources: readonly Source[];
  /** The last reading, however old; undefined without a GPU and after a failure. */
  reading(): GpuReading | undefined;
}

const intervalSeconds = 10;

const metrics: readonly Metric[] = [
  gauge('nvidia_smi_gpu_info', 'Always 1: what the GPU is.'),
  gauge('nvidia_smi_index', 'Number of the GPU as nvidia-smi lists it; it may change between boots.'),
  ...numberFields.flatMap(({ series, help }) => series.map((name) => gauge(`nvidia_smi_${name}`, help))),
  gauge('nvidia_smi_compute_app_info', 'Always 1: a process that computes on the GPU.'),
  gauge('nvidia_smi_compute_app_used_memory_bytes', 'Memory of the GPU that the process holds.'),
  gauge('nvidia_smi_compute_apps', 'Processes that compute on the GPU.'),
  gauge('container_gpu_memory_bytes', 'Memory of the GPU that the processes of the container hold.'),
  gauge('nvidia_gpu_temperature_celsius', 'Temperature of the GPU.'),
  gauge('nvidia_gpu_power_draw_watts', 'Power drawn by the GPU.'),
  gauge('nvidia_gpu_utilization_gpu', 'Percent of time the GPU was busy, as nvidia-smi prints it.'),
  gauge('node_gpu_power_watts', 'Power drawn by the GPU.'),
];

/** The reading in the background, its health at the scrape, and the opt-in aliases. */
export function createGpus(engine: Engine): Gpus {
  const smi = createSmi();
  const source: Source = {
    name: 'gpu',
    metrics,
    intervalSeconds,
    deadlineSeconds: 10,
    async read(machine) {
      const reading = await readSmi(smi, machine);
      return reading === undefined ? [] : gpuSamples(reading, machine, engine);
    },
  };
  return { sources: [source, createGpuHealth(smi), createDcgmAliases(smi)], reading: () => smi.reading };
}

function gpuSamples(reading: GpuReading, machine: Machine, engine: Engine): Sample[] {
  const samples = reading.gpus.flatMap((gpu) => oneGpu(gpu, reading.cudaVersion));
  if (reading.apps === undefined) return samples;
  return [...samples, ...appSamples(reading.gpus, reading.apps), ...containerSamples(reading.apps, machine, engine)];
}

/** The four names under which the first system exported a GPU, by the series whose value they repeat. */
const aliases: Readonly<Record<string, readonly [string, number][]>> = {
  temperature_gpu: [['nvidia_gpu_temperature_celsius', 1]],
  power_draw_watts: [
    ['nvidia_gpu_power_draw_watts', 1],
    ['node_gpu_power_watts', 1],
  ],
  utilization_gpu_ratio: [['nvidia_gpu_utilization_gpu', 100]],
};

function oneGpu(gpu: Gpu, cuda_version: string): Sample[] {
  const labels: Labels = { uuid: gpu.uuid };
  const text = (name: string) => gpu.texts.get(name) ?? '';
  const samples = [
    sample('nvidia_smi_index', gpu.index, labels),
    sample('nvidia_smi_gpu_info', 1, {
      uuid: gpu.uuid,
      name: text('name'),
      index: String(gpu.index),
      driver_version: text('driver_version'),
      cuda_version,
      vbios_version: text('vbios_version'),
      pci_bus_id: text('pci.bus_id'),
      serial: text('serial'),
      compute_cap: text('compute_cap'),
      pci_sub_device_id: text('pci.sub_device_id'),
      driver_model_current: text('driver_model.current'),
      driver_model_pending: text('driver_model.pending'),
    }),
  ];
  for (const [{ series }, value] of gpu.values) {
    for (const name of series) {
      samples.push(sample(`nvidia_smi_${name}`, value, labels));
      for (const [alias, factor] of aliases[name] ?? []) samples.push(sample(alias, value * factor, labels));
    }
  }
  return samples;
}

function appSamples(gpus: readonly Gpu[], apps: readonly ComputeApp[]): Sample[] {
  const processes = uniqueApps(apps);
  // The rows of slices name the slice and not its GPU: who computes on a GPU without rows of its own is then unknown.
  const sliced = processes.some(({ uuid }) => !gpus.some((gpu) => gpu.uuid === uuid));
  const samples = gpus.flatMap(({ uuid }) => {
    const count = processes.filter((app) => app.uuid === uuid).length;
    return sliced && count === 0 ? [] : [sample('nvidia_smi_compute_apps', count, { uuid })];
  });
  for (const { uuid, pid, processName, usedBytes } of processes) {
    const labels = { uuid, pid: String(pid), process_name: redactText(processName) };
    samples.push(sample('nvidia_smi_compute_app_info', 1, labels));
    if (usedBytes !== undefined) samples.push(sample('nvidia_smi_compute_app_used_memory_bytes', usedBytes, labels));
  }
  return samples;
}

/** A process is listed once for each of its contexts; its memory counts together. */
function uniqueApps(apps: readonly ComputeApp[]): ComputeApp[] {
  const byProcess = new Map<string, ComputeApp>();
  for (const app of apps) {
    const key = `${app.uuid} ${app.pid}`;
    const before = byProcess.get(key);
    const usedBytes = before?.usedBytes === undefined ? app.usedBytes : before.usedBytes + (app.usedBytes ?? 0);
    byProcess.set(key, before === undefined ? app : { ...before, usedBytes });
  }
  return [...byProcess.values()];
}

/** A process that hides its memory (as some drivers do under virtualisation) leaves its container without a sum. */
function containerSamples(apps: readonly ComputeApp[], machine: Machine, engine: Engine): Sample[] {
  const sums = new Map<string, { labels: Labels; bytes: number | undefined }>();
  for (const { uuid, pid, usedBytes } of apps) {
    const labels = engine.containerOf(machine, pid)?.labels;
    if (labels === undefined) continue;
    const key = `${labels['id']} ${uuid}`;
    const sum = sums.get(key) ?? { labels: { ...labels, uuid }, bytes: 0 };
    sum.bytes = sum.bytes === undefined || usedBytes === undefined ? undefined : sum.bytes + usedBytes;
    sums.set(key, sum);
  }
  return [...sums.values()].flatMap(({ labels, bytes }) =>
    bytes === undefined ? [] : [sample('container_gpu_memory_bytes', bytes, labels)],
  );
}

/** How reading goes, told also while it fails; silent where there is no GPU and while it sleeps. */
function createGpuHealth(smi: Smi): Source {
  return {
    name: 'gpu_health',
    metrics: [
      gauge(
        'gpu_collector_up',
        '1 while the GPUs of this machine can be read, 0 while they cannot; absent where there is none.',
      ),
      gauge('gpu_suspended', 'GPUs that are powered down and left alone.'),
      gauge('nvidia_smi_last_collect_success', 'Whether the last reading of the GPUs was whole.'),
      gauge('nvidia_smi_compute_apps_last_collect_success', 'Whether the last reading of their processes was whole.'),
      gauge(
        'nvidia_smi_command_exit_code',
        'Exit code of the last nvidia-smi; -1 when it did not start or did not end.',
      ),
      counter('nvidia_smi_failed_scrapes_total', 'Readings that failed or were not whole.'),
    ],
    read(machine) {
      const asleep = smi.suspended > 0 ? [sample('gpu_suspended', smi.suspended)] : [];
      if (smi.outcome === 'none') return asleep;
      const ageMax = 2 * Math.max(intervalSeconds, smi.gapSeconds);
      const recent = machine.monotonicSeconds() - smi.endedAtSeconds <= ageMax;
      const good = recent && smi.outcome === 'good' ? 1 : 0;
      return [
        ...asleep,
        sample('gpu_collector_up', good),
        sample('nvidia_smi_last_collect_success', good),
        sample('nvidia_smi_compute_apps_last_collect_success', recent && smi.appsOutcome === 'good' ? 1 : 0),
        sample('nvidia_smi_failed_scrapes_total', smi.failuresTotal),
        ...(smi.exitCode === undefined ? [] : [sample('nvidia_smi_command_exit_code', smi.exitCode)]),
      ];
    },
  };
}
