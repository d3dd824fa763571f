// Baselines: a metric with the band in which the detectors expect it, one thing at a time.
import { rarity, raritySteps } from '../build/colour.ts';
import type { Dashboard } from '../build/dashboard.ts';
import { lines, row } from '../build/panel.ts';
import { query } from '../build/query.ts';
import { containerList, diskList, gpuList, groupList, here } from '../build/select.ts';
import { oneOf } from '../build/variable.ts';

interface Subject {
  detector: string;
  /** Matches the one thing that is chosen. */
  matcher: string;
}

const container: Subject = { detector: 'container', matcher: `${here},name=~"$container"` };
const group: Subject = { detector: 'process', matcher: `${here},groupname=~"$group"` };
const disk: Subject = { detector: 'disk', matcher: `${here},device=~"$device"` };
const gpu: Subject = { detector: 'gpu', matcher: `${here},uuid=~"$gpu"` };

interface Band {
  subject: Subject;
  /** As the detector calls it. */
  metric: string;
  title: string;
  unit: string;
  /** The value as the detector reads it. */
  value: string;
}

/** Each panel shows one thing; should the choice fit several, the largest. */
function band({ subject, metric, title, unit, value }: Band) {
  const { detector, matcher } = subject;
  const labels = `${matcher},detector="${detector}",metric="${metric}"`;
  return lines({
    title,
    description:
      'The line is what was measured, the shade where an ordinary value is expected at that moment. No shade: still learning, or unknown.',
    queries: [
      query(`max(${value})`, 'measured'),
      query(`max(anomaly_expected_low{${labels}})`, 'expected low'),
      query(`max(anomaly_expected_high{${labels}})`, 'expected high'),
    ],
    unit,
    band: { low: 'expected low', high: 'expected high' },
  });
}

function scoreOf(words: string, { detector, matcher }: Subject) {
  return lines({
    title: `How rare: ${words}`,
    description: 'Rarity of each metric and of all together (_all): 2 is 1 in 100, 3 is 1 in 1,000.',
    queries: [query(`max by (metric) (${rarity(`anomaly_score{${matcher},detector="${detector}"}`)})`, '{{metric}}')],
    unit: 'none',
    steps: raritySteps,
    min: 0,
    max: 5,
  });
}

const rate = (name: string, { matcher }: Subject) => `rate(${name}{${matcher}}[$__rate_interval])`;

export const baselines: Dashboard = {
  name: 'baselines',
  title: 'Baselines',
  description: 'What was measured against the band in which it is expected. Choose one thing of each kind above.',
  tags: ['watch'],
  consolePage: '/anomalies',
  range: 'now-12h',
  variables: [oneOf(containerList), oneOf(groupList), oneOf(diskList), oneOf(gpuList)],
  sections: [
    row('Container $container', [
      band({
        subject: container,
        metric: 'memory',
        title: 'Memory',
        unit: 'bytes',
        value: `container_memory_working_set_bytes{${container.matcher}}`,
      }),
      band({
        subject: container,
        metric: 'cpu',
        title: 'CPU',
        unit: 'none',
        value: rate('container_cpu_usage_seconds_total', container),
      }),
      band({
        subject: container,
        metric: 'network_receive',
        title: 'Network received',
        unit: 'Bps',
        value: `sum by (name) (${rate('container_network_receive_bytes_total', container)})`,
      }),
      scoreOf('container', container),
    ]),
    row('Process group $group', [
      band({
        subject: group,
        metric: 'memory',
        title: 'Memory',
        unit: 'bytes',
        value: `namedprocess_namegroup_memory_bytes{${group.matcher},memtype="resident"}`,
      }),
      band({
        subject: group,
        metric: 'cpu',
        title: 'CPU',
        unit: 'none',
        value: `sum by (groupname) (${rate('namedprocess_namegroup_cpu_seconds_total', group)})`,
      }),
      band({
        subject: group,
        metric: 'threads',
        title: 'Threads',
        unit: 'none',
        value: `namedprocess_namegroup_num_threads{${group.matcher}}`,
      }),
      scoreOf('process group', group),
    ]),
    row('Disk $device', [
      band({
        subject: disk,
        metric: 'read_bytes',
        title: 'Bytes read',
        unit: 'Bps',
        value: rate('node_disk_read_bytes_total', disk),
      }),
      band({
        subject: disk,
        metric: 'written_bytes',
        title: 'Bytes written',
        unit: 'Bps',
        value: rate('node_disk_written_bytes_total', disk),
      }),
      band({
        subject: disk,
        metric: 'queue',
        title: 'In flight',
        unit: 'none',
        value: rate('node_disk_io_time_weighted_seconds_total', disk),
      }),
      scoreOf('disk', disk),
    ]),
    row('GPU $gpu', [
      band({
        subject: gpu,
        metric: 'utilization',
        title: 'Use',
        unit: 'percentunit',
        value: `nvidia_smi_utilization_gpu_ratio{${gpu.matcher}}`,
      }),
      band({
        subject: gpu,
        metric: 'temperature',
        title: 'Temperature',
        unit: 'celsius',
        value: `nvidia_smi_temperature_gpu{${gpu.matcher}}`,
      }),
      band({
        subject: gpu,
        metric: 'power',
        title: 'Power',
        unit: 'watt',
        value: `nvidia_smi_power_draw_watts{${gpu.matcher}}`,
      }),
      scoreOf('GPU', gpu),
    ]),
  ],
};
