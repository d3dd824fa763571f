// Reads the facts about this machine; what cannot be read stays unknown.
import { existsSync, readdirSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { run } from '../engine/run.ts';
import type { Ports } from '../ports.ts';
import { readText } from '../read-text.ts';
import { gatherDocker } from './docker.ts';
import type { CgroupFact, Facts, GpuFact } from './facts.ts';
import { gatherPorts } from './gather-ports.ts';

export interface GatherInput {
  dataDir: string;
  ports: Ports;
  /** Children of the Odyssey that runs on this data folder now. */
  ourPids: readonly number[];
  dockerHost: string | undefined;
}

const patienceSeconds = 3;

export async function gather({ dataDir, ports, ourPids, dockerHost }: GatherInput): Promise<Facts> {
  const [portFacts, docker, timeSync, gpu] = await Promise.all([
    gatherPorts(ports, ourPids),
    gatherDocker(dockerHost),
    gatherTimeSync(),
    gatherGpu(),
  ]);
  const memory = gatherMemory();
  return {
    memoryBytes: memory?.total,
    swapBytes: memory?.swap,
    disk: gatherDisk(dataDir),
    ports: portFacts,
    kernel: release(),
    cgroup: gatherCgroup(),
    docker,
    timeSync,
    gpu,
    node: process.version,
  };
}

function gatherMemory(): { total: number | undefined; swap: number | undefined } | undefined {
  const text = readText('/proc/meminfo');
  if (text === undefined) return undefined;
  const bytes = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text);
    return match === null ? undefined : Number(match[1]) * 1024;
  };
  return { total: bytes('MemTotal'), swap: bytes('SwapTotal') };
}

/** The file system of the data folder, or of the nearest folder above it that is there already. */
function gatherDisk(dataDir: string): Facts['disk'] {
  let folder = dataDir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const found = statfsSync(folder);
    return {
      folder,
      freeBytes: found.bavail * found.bsize,
      sizeBytes: found.blocks * found.bsize,
      inodesFree: found.files === 0 ? undefined : found.ffree,
    };
  } catch {
    return undefined;
  }
}

function gatherCgroup(): CgroupFact {
  const unified = readText('/sys/fs/cgroup/cgroup.controllers');
  if (unified !== undefined) return { version: 'v2', controllers: unified.trim().split(' ').filter(Boolean) };
  const known = ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids', 'blkio', 'devices', 'freezer'];
  const controllers = known.filter((name) => existsSync(`/sys/fs/cgroup/${name}/cgroup.procs`));
  return controllers.length === 0 ? { version: 'none', controllers } : { version: 'v1', controllers };
}

/** Each daemon says it in its own place; with none of them, nobody knows. */
async function gatherTimeSync(): Promise<Facts['timeSync']> {
  if (existsSync('/run/systemd/timesync/synchronized')) return { state: 'yes', by: 'systemd-timesyncd' };
  const chrony = await run('chronyc', ['-n', 'tracking'], { timeoutSeconds: patienceSeconds });
  if (chrony.code === 0) {
    return /^Leap status\s*:\s*Normal/m.test(chrony.output)
      ? { state: 'yes', by: 'chrony' }
      : { state: 'no', by: 'chrony' };
  }
  const systemd = await run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
    timeoutSeconds: patienceSeconds,
  });
  const said = systemd.code === 0 ? systemd.output.trim() : '';
  if (said === 'yes') return { state: 'yes', by: 'the kernel’s clock discipline' };
  return { state: said === 'no' ? 'no' : 'unknown' };
}

async function gatherGpu(): Promise<GpuFact> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const began = performance.now();
  const ran = await run('nvidia-smi', query, { timeoutSeconds: patienceSeconds });
  if (ran.code === 0) return { kind: 'gpus', names: ran.output.trim().split('\n') };
  if (/ENOENT/.test(ran.output)) return hasNvidiaCard() ? { kind: 'no-driver' } : { kind: 'none' };
  const late = ran.code === null && performance.now() - began >= patienceSeconds * 1000;
  return { kind: 'silent', reason: late ? `no answer in ${patienceSeconds} s` : ran.output.trim().slice(0, 200) };
}

function hasNvidiaCard(): boolean {
  const devices = '/sys/bus/pci/devices';
  if (!existsSync(devices)) return false;
  return readdirSync(devices).some((device) => {
    const isDisplay = readText(`${devices}/${device}/class`)?.startsWith('0x03') === true;
    return isDisplay && readText(`${devices}/${device}/vendor`)?.trim() === '0x10de';
  });
}
