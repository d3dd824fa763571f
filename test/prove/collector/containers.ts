// Proof with real containers: what 50 of them cost, and their memory beside the files of their control groups.
import { readFileSync } from 'node:fs';
import { parseInteger } from '../../../core/lib/parse.ts';
import type { Exporter } from '../../bench/exporter.ts';
import type { DockerEngine } from '../../engine/docker-engine.ts';
import { barred, type Figure, told } from '../figure.ts';
import { scrapeSamples, seconds, withCollector } from './started.ts';

type Progress = (line: string) => void;

const containers = 50;
const intervalSeconds = 15;
const scrapes = 8;

export async function proveContainers(engine: DockerEngine, cache: string, progress: Progress): Promise<Figure[]> {
  progress(`starting ${containers} containers`);
  const names = Array.from({ length: containers }, (_, at) => `box-${at}`);
  for (const name of names) await runContainer(engine, name);
  try {
    return await withCollector(cache, { DOCKER_HOST: `unix://${engine.socketPath}` }, async (collector) => [
      ...(await measureCost(collector, progress)),
      ...(await compareMemory(engine, collector, names.slice(0, 5))),
    ]);
  } finally {
    for (const name of names) await engine.ask('DELETE', `/containers/${name}?force=1&v=1`);
  }
}

/** A container that sleeps; throws with what the engine said against it. */
export async function runContainer(engine: DockerEngine, name: string, limits: object = {}): Promise<void> {
  const created = await engine.ask('POST', `/containers/create?name=${name}`, {
    Image: 'tiny:1',
    Cmd: ['/bin/sleep', '3600'],
    HostConfig: { Memory: 64 * 1024 * 1024, ...limits },
  });
  const started = await engine.ask('POST', `/containers/${name}/start`);
  if (started.status !== 204) throw new Error(`${name} did not start: ${created.text} ${started.text}`);
}

/** Scraped as Prometheus does, every 15 s; its children walk the containers' layers and are told apart. */
async function measureCost(collector: Exporter, progress: Progress): Promise<Figure[]> {
  await seconds(intervalSeconds);
  await collector.scrape('/metrics');
  progress(`reading the bill over ${scrapes * intervalSeconds} s`);
  const [before, childrenBefore] = [collector.bill().cpuSeconds, childSeconds(collector.pid)];
  const began = performance.now();
  let seen = 0;
  const milliseconds: number[] = [];
  for (let scrape = 0; scrape < scrapes; scrape++) {
    await seconds(intervalSeconds);
    const asked = performance.now();
    const text = await collector.scrape('/metrics');
    milliseconds.push(performance.now() - asked);
    seen = text.match(/^container_last_seen\{/gm)?.length ?? 0;
  }
  const elapsed = (performance.now() - began) / 1000;
  const bill = collector.bill();
  milliseconds.sort((a, b) => a - b);
  return [
    barred('collector.containers.seen', seen, '>=', containers),
    barred('collector.containers.cpu', ((bill.cpuSeconds - before) / elapsed) * 100, '<=', 1, '% of a core'),
    told(
      'collector.containers.cpu.children',
      ((childSeconds(collector.pid) - childrenBefore) / elapsed) * 100,
      '% of a core',
    ),
    barred('collector.containers.pss', bill.pssBytes / 1e6, '<=', 60, 'MB'),
    told('collector.containers.private', bill.privateBytes / 1e6, 'MB'),
    told('collector.containers.scrape.p50', milliseconds[scrapes / 2]!, 'ms'),
    told('collector.containers.scrape.slowest', milliseconds.at(-1)!, 'ms'),
  ];
}

/** CPU time of its children that have ended. */
function childSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (parseInteger(fields[13]) + parseInteger(fields[14])) / 100;
}

/** Containers that sleep do not change: the series must be what the files say before and after, to the byte or between the two. */
async function compareMemory(engine: DockerEngine, collector: Exporter, names: readonly string[]): Promise<Figure[]> {
  let agreeing = 0;
  for (const name of names) {
    const { Id } = JSON.parse((await engine.ask('GET', `/containers/${name}/json`)).text) as { Id: string };
    const before = workingSet(Id);
    const samples = await scrapeSamples(collector);
    const after = workingSet(Id);
    const told = samples.find(
      (one) => one.name === 'container_memory_working_set_bytes' && one.labels['name'] === name,
    );
    const [low, high] = [Math.min(before, after), Math.max(before, after)];
    if (told !== undefined && told.value > 0 && told.value >= low && told.value <= high) agreeing++;
  }
  const help = /^# HELP container_memory_working_set_bytes (.*)$/m.exec(await collector.scrape('/metrics'))?.[1] ?? '';
  const formula = ['memory.current - inactive_file', 'usage_in_bytes - total_inactive_file'];
  return [
    barred('collector.memory.working_set.agreeing', agreeing, '==', names.length),
    barred(
      'collector.memory.working_set.formula_in_help',
      formula.filter((part) => help.includes(part)).length,
      '==',
      2,
    ),
  ];
}

/** Read here by other code than the collector's, of either version of control groups. */
function workingSet(id: string): number {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined; // the other version
    }
  };
  const classic = `/sys/fs/cgroup/memory/docker/${id}`;
  const unified = `/sys/fs/cgroup/docker/${id}`;
  const usage = read(`${unified}/memory.current`) ?? read(`${classic}/memory.usage_in_bytes`);
  const stat = read(`${unified}/memory.stat`) ?? read(`${classic}/memory.stat`) ?? '';
  const inactive = /^total_inactive_file (\d+)$/m.exec(stat) ?? /^inactive_file (\d+)$/m.exec(stat);
  return parseInteger(usage) - parseInteger(inactive?.[1]);
}
