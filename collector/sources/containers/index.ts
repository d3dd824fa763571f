// The containers of this machine: names from the engine, numbers from their control groups and network namespaces.
import { type Sample, sample } from '../../../core/contracts/sample.ts';
import type { Machine, Source } from '../../source.ts';
import { runAtOnce, type Steps } from '../../steps.ts';
import { type Container, createEngine, type Engine, runningPid } from './engine.ts';
import { createGroupReader, type GroupReader } from './group-files.ts';
import { containerMetrics } from './metrics.ts';
import { type InterfaceUse, parseNetDev } from './network.ts';
import { limitSamples, networkSamples, usageSamples } from './samples.ts';
import { createContainerTasks } from './tasks.ts';

export interface Containers {
  sources: readonly Source[];
  engine: Engine;
}

/** The sources that belong together: they share the engine's list. */
export function createContainers(): Containers {
  const engine = createEngine();
  return { engine, sources: [engine.source, createContainerUsage(engine), createContainerTasks(engine)] };
}

/** Reads every known container during the scrape: the files are the kernel's and answer at once. */
function createContainerUsage(engine: Engine): Source {
  const devices = new Map<string, string>();
  const groups = createGroupReader();
  function* readInSteps(machine: Machine): Steps<Sample[]> {
    if (!engine.isUp(machine)) return [sample('container_engine_up', 0)];
    let failures = 0;
    const deviceName = (device: string) => nameDevice(machine, devices, device);
    const samples: Sample[] = [];
    for (const container of [...engine.containers(machine).values()]) {
      try {
        samples.push(...containerSamples(machine, container, groups, deviceName));
      } catch {
        failures++; // exported below: one container's odd file does not hide the others
      }
      yield;
    }
    return [...samples, ...machineSamples(machine, engine), sample('container_read_failures', failures)];
  }
  return {
    name: 'containers',
    metrics: containerMetrics,
    read: (machine) => runAtOnce(readInSteps(machine)),
    readInSteps,
  };
}

const healthStates = { none: -1, starting: 0, unhealthy: 0, healthy: 1 } as const;

function containerSamples(
  machine: Machine,
  container: Container,
  groups: GroupReader,
  deviceName: (device: string) => string,
): Sample[] {
  const { labels, group, inspected } = container;
  if (labels === undefined || group === undefined) return [];
  const usage = groups.usage(machine, group);
  if (usage === undefined) return []; // gone since the list was had, or between two restarts
  const samples = [
    sample('container_last_seen', Math.floor(machine.unixSeconds()), labels),
    sample('container_identity_info', 1, identityLabels(container)),
    ...usageSamples(usage, labels, deviceName),
    ...limitSamples(groups.limits(machine, group), labels),
    ...networkSamples(readNetwork(machine, container), labels),
  ];
  if (container.health !== undefined)
    samples.push(sample('container_health_state', healthStates[container.health], labels));
  if (container.health !== undefined && container.health !== 'none')
    samples.push(sample('container_health_starting', container.health === 'starting' ? 1 : 0, labels));
  if (inspected?.startedAtSeconds !== undefined)
    samples.push(sample('container_start_time_seconds', inspected.startedAtSeconds, labels));
  if (inspected?.restartCount !== undefined)
    samples.push(sample('container_restart_count', inspected.restartCount, labels));
  return samples;
}

/** Interfaces of the container alone: with the host's or another container's network the numbers would be theirs. */
function readNetwork(machine: Machine, container: Container): InterfaceUse[] {
  if (container.networkMode === 'host' || container.networkMode?.startsWith('container:')) return [];
  const pid = runningPid(machine, container);
  const text = pid === undefined ? undefined : machine.readTextIfThere(`/proc/${pid}/net/dev`);
  return text === undefined ? [] : parseNetDev(text);
}

function identityLabels({ labels, identity }: Container): Record<string, string> {
  const { replica, service, slot, environment, deployment, revision, modelKey } = identity;
  const known = Object.entries({ service, slot, environment, deployment, revision }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { id: labels!['id']!, name: labels!['name']!, replica, ...Object.fromEntries(known), model_key: modelKey };
}

function nameDevice(machine: Machine, names: Map<string, string>, device: string): string {
  const known = names.get(device);
  if (known !== undefined) return known;
  const target = machine.linkTarget(`/sys/dev/block/${device}`);
  if (target === undefined) return device;
  if (names.size >= 4_096) names.clear(); // volumes that came and went
  const name = `/dev/${target.slice(target.lastIndexOf('/') + 1)}`;
  names.set(device, name);
  return name;
}

function machineSamples(machine: Machine, engine: Engine): Sample[] {
  const meminfo = machine.readText('/proc/meminfo');
  const bytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1]) * 1024;
  const samples = [
    sample('container_engine_up', 1),
    sample('machine_cpu_cores', machine.cpuCount),
    sample('machine_memory_bytes', bytes('MemTotal')),
    sample('machine_swap_bytes', bytes('SwapTotal')),
  ].filter(({ value }) => Number.isFinite(value));
  const dockerVersion = engine.version();
  if (dockerVersion === undefined) return samples; // the one series is written once its labels are known
  const kernelVersion = machine.readText('/proc/sys/kernel/osrelease').trim();
  const osVersion = /^PRETTY_NAME="?([^"\n]*)/m.exec(machine.readTextIfThere('/etc/os-release') ?? '')?.[1] ?? '';
  const versions = { cadvisorRevision: '', cadvisorVersion: 'odyssey', dockerVersion, kernelVersion, osVersion };
  return [...samples, sample('cadvisor_version_info', 1, versions)];
}
