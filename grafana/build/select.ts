// What the dashboards have in common in PromQL: the chosen machines, and lists of containers, process groups, disks and GPUs.
import type { VariableJson } from './schema.ts';
import { list } from './variable.ts';

/** The chosen machines, as a matcher. */
export const here = 'instance=~"$instance"';
/** Rules that a person is told of and that fire, on the chosen machines or on none in particular: such as that no collector is there. */
export const firing = 'ALERTS{alertstate="firing",severity=~"critical|warning",instance=~"$instance|"}';
/** The chosen containers of the chosen machines. */
export const chosen = `${here},name=~"$container"`;
/** Links of containers and bridges come and go; what is left is the machine's own. */
export const realLinks = 'device!~"lo|veth.*|br-.*|docker.*|ifb.*|dummy.*|tun.*|sit.*|ip6tnl.*|gre.*|erspan.*|tunl.*"';
export const realDisks = 'device!~"(loop|ram|zram|sr|fd)[0-9]+"';
export const realFilesystems =
  'fstype!~"tmpfs|ramfs|devtmpfs|squashfs|iso9660|nsfs|autofs|overlay",mountpoint!~"/(var/lib/(docker|containerd)|run|dev|proc|sys)/.+"';

/** Share of the cores that works, 0 to 1. */
export const cpuBusy = `1 - avg by (instance) (rate(node_cpu_seconds_total{${here},mode="idle"}[$__rate_interval]))`;
export const memoryUsed = `1 - node_memory_MemAvailable_bytes{${here}} / node_memory_MemTotal_bytes{${here}}`;
export const spaceUsed = `1 - node_filesystem_avail_bytes{${here},${realFilesystems}} / (node_filesystem_size_bytes{${here},${realFilesystems}} > 0)`;

/** The score of an entity's metrics together. */
export const wholeScore = `anomaly_score{${here},metric="_all"}`;

export const containerList: VariableJson = list({
  name: 'container',
  label: 'Container',
  description: 'The containers that are shown, the largest in memory first to be listed.',
  expr: `max by (name) (container_memory_working_set_bytes{${here},name!=""})`,
  from: 'name',
});

export const groupList: VariableJson = list({
  name: 'group',
  label: 'Process group',
  description: 'The process groups that are shown, the largest in memory first to be listed.',
  expr: `max by (groupname) (namedprocess_namegroup_memory_bytes{${here},memtype="resident"})`,
  from: 'groupname',
});

export const diskList: VariableJson = list({
  name: 'device',
  label: 'Disk',
  description: 'The disks that are shown, the busiest first to be listed.',
  expr: `max by (device) (node_disk_io_time_seconds_total{${here},${realDisks}})`,
  from: 'device',
});

export const gpuList: VariableJson = list({
  name: 'gpu',
  label: 'GPU',
  description: 'The GPUs that are shown, by their uuid: an index changes between boots.',
  expr: `max by (uuid) (nvidia_smi_index{${here}})`,
  from: 'uuid',
});

export const detectorList: VariableJson = list({
  name: 'detector',
  label: 'Detector',
  description: 'The detectors whose scores are shown.',
  expr: `count by (detector) (anomaly_detector_mode{${here}})`,
  from: 'detector',
});
