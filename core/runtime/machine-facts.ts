// Reads what a machine says about itself, for the doctor; what cannot be read stays unknown.
import { existsSync, readdirSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import type { CgroupFact, Facts, GpuFact } from '../lib/doctor/facts.ts';
import { rotatesLogs } from '../lib/doctor/log-rotation.ts';
import { runProgram } from './program.ts';
import { readText } from './read-text.ts';

const limits = { timeoutSeconds: 3, outputBytesMax: 65_536 };

/** Settles within 7 s, whatever hangs: two programs are asked one after the other, each at most 3 s. */
export async function readMachineFacts(dataDir: string): Promise<Omit<Facts, 'ports' | 'docker'>> {
  const [timeSync, gpu] = await Promise.all([readTimeSync(), readGpu()]);
  const memory = readMemory();
  return {
    memoryBytes: memory?.total,
    swapBytes: memory?.swap,
    disk: readDisk(dataDir),
    kernel: release(),
    cgroup: readCgroup(),
    timeSync,
    gpu,
    node: process.version,
  };
}

/** What the host says beside the engine; undefined where a container hides it. */
export function readEngineSurroundings(): { logsRotate: boolean | undefined; routes: string | undefined } {
  if (isContainer()) return { logsRotate: undefined, routes: undefined };
  const path = '/etc/docker/daemon.json';
  const text = readText(path);
  // Without the file the engine's defaults hold: json-file, without a limit.
  const logsRotate = text === undefined ? (existsSync(path) ? undefined : false) : rotatesLogs(text);
  return { logsRotate, routes: readText('/proc/net/route') };
}

/** Docker and Podman leave these in every container. */
function isContainer(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

function readMemory(): { total: number | undefined; swap: number | undefined } | undefined {
  const text = readText('/proc/meminfo');
  if (text === undefined) return undefined;
  const bytes = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text);
    return match === null ? undefined : Number(match[1]) * 1024;
  };
  return { total: bytes('MemTotal'), swap: bytes('SwapTotal') };
}

/** The file system of the data folder, or of the nearest folder above it that is there already. */
function readDisk(dataDir: string): Facts['disk'] {
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

function readCgroup(): CgroupFact {
  const unified = readText('/sys/fs/cgroup/cgroup.controllers');
  if (unified !== undefined) return { version: 'v2', controllers: unified.trim().split(' ').filter(Boolean) };
  const known = ['cpu', 'cpuacct', 'cpuset', 'memory', 'pids', 'blkio', 'devices', 'freezer'];
  const controllers = known.filter((name) => existsSync(`/sys/fs/cgroup/${name}/cgroup.procs`));
  return controllers.length === 0 ? { version: 'none', controllers } : { version: 'v1', controllers };
}

/** Each daemon says it in its own place; with none of them, nobody knows. */
async function readTimeSync(): Promise<Facts['timeSync']> {
  if (existsSync('/run/systemd/timesync/synchronized')) return { state: 'yes', by: 'systemd-timesyncd' };
  const chrony = await said('chronyc', ['-n', 'tracking']);
  if (chrony !== undefined)
    return /^Leap status\s*:\s*Normal/m.test(chrony) ? { state: 'yes', by: 'chrony' } : { state: 'no', by: 'chrony' };
  const systemd = (await said('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']))?.trim();
  if (systemd === 'yes') return { state: 'yes', by: 'the kernel’s clock discipline' };
  return { state: systemd === 'no' ? 'no' : 'unknown' };
}

/** What a program printed that ended well; undefined for any other end. */
async function said(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runProgram(program, args, limits);
    return exitCode === 0 ? stdout : undefined;
  } catch {
    return undefined;
  }
}

async function readGpu(): Promise<GpuFact> {
  try {
    const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    const { exitCode, stdout, stderr } = await runProgram('nvidia-smi', query, limits);
    if (exitCode === 0) return { kind: 'gpus', names: stdout.trim().split('\n') };
    return { kind: 'silent', reason: `${stdout}${stderr}`.trim().slice(0, 200) || `it ended with ${exitCode}` };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return { kind: 'silent', reason: message.slice(0, 200) };
    if (!hasNvidiaCard()) return { kind: 'none' };
    return isContainer() ? { kind: 'elsewhere' } : { kind: 'no-driver' };
  }
}

function hasNvidiaCard(): boolean {
  const devices = '/sys/bus/pci/devices';
  if (!existsSync(devices)) return false;
  return readdirSync(devices).some((device) => {
    const isDisplay = readText(`${devices}/${device}/class`)?.startsWith('0x03') === true;
    return isDisplay && readText(`${devices}/${device}/vendor`)?.trim() === '0x10de';
  });
}
