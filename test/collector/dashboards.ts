// What popular community dashboards ask for, by their number on grafana.com: names and the labels that their queries use.
import { fixture } from './fixtures.ts';
import { expandNames, nodeNames } from './names.ts';

interface Ask {
  names: readonly string[];
  /** Each must be there, with a value, on every series. */
  labels: readonly string[];
}

export interface Dashboard {
  id: number;
  title: string;
  asks: readonly Ask[];
}

const ask = (labels: string, ...patterns: string[]): Ask => ({
  names: patterns.flatMap(expandNames),
  labels: labels.split(' ').filter((label) => label !== ''),
});

/** Those of node_exporter's names that are ours alone. */
const ours = ['DNS'];
/** Label values that may be empty upstream as well. */
const mayBeEmpty = ['info', 'devices', 'type', 'domainname'];

const nodeAsks = nodeNames
  .filter(({ family }) => !ours.includes(family))
  .map(({ names, labels }): Ask => {
    const asked = expandNames(names).filter((name) => name !== 'tcp_connection_states');
    return { names: asked, labels: labels.filter((label) => !mayBeEmpty.includes(label)) };
  });

const gpuAsks: readonly Ask[] = [
  ask('uuid name index driver_version', 'nvidia_smi_gpu_info'),
  ask('uuid', 'nvidia_smi_index', 'nvidia_smi_{pstate,compute_mode,fan_speed_ratio}'),
  ask('uuid', 'nvidia_smi_utilization_{gpu,memory,encoder,decoder}_ratio'),
  ask('uuid', 'nvidia_smi_memory_{total,used,free,reserved}_bytes', 'nvidia_smi_temperature_{gpu,memory}'),
  ask('uuid', 'nvidia_smi_{power_draw,power_limit,power_default_limit,enforced_power_limit}_watts'),
  ask('uuid', 'nvidia_smi_clocks_current_{graphics,sm,memory,video}_clock_hz'),
  ask('uuid', 'nvidia_smi_clocks_max_{graphics,memory}_clock_hz', 'nvidia_smi_pcie_link_{gen,width}_current'),
  ask('uuid', 'nvidia_smi_{ecc_errors_uncorrected_aggregate_total,gpu_recovery_action}'),
  ask('', 'nvidia_smi_{last_collect_success,failed_scrapes_total,command_exit_code}'),
];

const reasons =
  '{gpu_idle,applications_clocks_setting,sync_boost,sw_power_cap,sw_thermal_slowdown,hw_thermal_slowdown,hw_power_brake_slowdown}';

const containerLabels = 'id name image';
const processPrefix = 'namedprocess_namegroup_';

/** Profiling series and those that only NVML has are left out: nvidia-smi does not print them. */
export const dashboards: readonly Dashboard[] = [
  { id: 1860, title: 'Node Exporter Full', asks: nodeAsks },
  {
    id: 193,
    title: 'Docker',
    asks: [
      ask(containerLabels, 'container_last_seen', 'container_memory_usage_bytes', 'container_cpu_user_seconds_total'),
      ask(`${containerLabels} interface`, 'container_network_{receive,transmit}_bytes_total'),
    ],
  },
  {
    id: 14282,
    title: 'cAdvisor',
    asks: [
      ask(`${containerLabels} cpu`, 'container_cpu_usage_seconds_total'),
      ask(containerLabels, 'container_memory_{rss,cache}', 'container_start_time_seconds'),
      ask(`${containerLabels} interface`, 'container_network_{receive,transmit}_bytes_total'),
    ],
  },
  {
    id: 14574,
    title: 'NVIDIA GPU',
    asks: [
      ...gpuAsks,
      ask('uuid', `nvidia_smi_clocks_event_reasons_${reasons}`, `nvidia_smi_clocks_throttle_reasons_${reasons}`),
    ],
  },
  {
    id: 25547,
    title: 'NVIDIA GPUs and their processes',
    asks: [
      ...gpuAsks,
      ask('uuid pid process_name', 'nvidia_smi_compute_app_{info,used_memory_bytes}'),
      ask('uuid', 'nvidia_smi_compute_apps'),
      ask('', 'nvidia_smi_compute_apps_last_collect_success'),
    ],
  },
  {
    id: 12239,
    title: 'NVIDIA DCGM',
    asks: [
      ask(
        'gpu UUID pci_bus_id device modelName hostname',
        'DCGM_FI_DEV_{GPU_TEMP,POWER_USAGE,SM_CLOCK,GPU_UTIL,FB_USED}',
      ),
    ],
  },
  {
    id: 249,
    title: 'Named processes',
    asks: [
      ask('groupname', `${processPrefix}{num_procs,read_bytes_total,write_bytes_total}`),
      ask('groupname mode', `${processPrefix}cpu_seconds_total`),
      ask('groupname memtype', `${processPrefix}memory_bytes`),
    ],
  },
];

/** What an exposition does not answer: names without a series, and series that lack a label. */
export function unanswered(
  { asks }: Dashboard,
  samples: readonly { name: string; labels: Readonly<Record<string, string>> }[],
): string[] {
  const byName = Map.groupBy(samples, ({ name }) => name);
  return asks.flatMap(({ names, labels }) =>
    names.flatMap((name) => {
      const series = byName.get(name);
      if (series === undefined) return [name];
      return labels
        .filter((label) => series.some((one) => !one.labels[label]))
        .map((label) => `${name} without ${label}`);
    }),
  );
}

/** Rows as nvidia-smi's of a card with a fan and a sensor in its memory; the one of the fixture has neither. */
export const gpuRows = fixture('gpu/one-gpu.csv')
  .replace(' 54, N/A, [N/A],', ' 54, 50, 40,')
  .replace('None, N/A', 'None, Completed');
export const gpuAppRows = fixture('gpu/apps.csv');
