// Proof of isolation: a stopped engine, an nvidia-smi that hangs and a file that cannot be read cost only their own sources.
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Sample } from '../../../core/contracts/sample.ts';
import type { Exporter } from '../../bench/exporter.ts';
import type { DockerEngine } from '../../engine/docker-engine.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import { findBelow } from '../process-bill.ts';
import { runContainer } from './containers.ts';
import { scrapeSamples, seconds, withCollector } from './started.ts';

type Progress = (line: string) => void;

const troubledSeconds = 45;

export async function proveTrouble(engine: DockerEngine, cache: string, progress: Progress): Promise<Figure[]> {
  await runContainer(engine, 'steady');
  const programs = join(engine.folder, 'hung');
  const textfiles = join(engine.folder, 'unreadable');
  mkdirSync(programs, { recursive: true });
  mkdirSync(textfiles, { recursive: true });
  writeFileSync(join(programs, 'nvidia-smi'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
  const environment = {
    DOCKER_HOST: `unix://${engine.socketPath}`,
    PATH: `${programs}${delimiter}${process.env['PATH']}`,
    COLLECTOR_TEXTFILE_DIRECTORY: textfiles,
  };
  try {
    return await withCollector(cache, environment, async (collector) => {
      await seconds(15);
      const before = failing(await scrapeSamples(collector));
      progress(`stopping the engine in mid-life for ${troubledSeconds} s`);
      process.kill(engine.pid, 'SIGSTOP');
      mkdirSync(join(textfiles, 'folder.prom')); // reading it gives EISDIR
      const figures = [barred('collector.trouble.gpu.fails', before.has('gpu') ? 1 : 0, '==', 1)];
      try {
        figures.push(...(await whileTroubled(collector, before)));
      } finally {
        process.kill(engine.pid, 'SIGCONT');
      }
      return [...figures, await afterwards(collector)];
    });
  } finally {
    await engine.ask('DELETE', '/containers/steady?force=1&v=1');
  }
}

/** Sources that must fail here; what failed on this machine before is not held against them. */
const expected = ['docker', 'gpu'];

async function whileTroubled(collector: Exporter, before: ReadonlySet<string>): Promise<Figure[]> {
  const milliseconds: number[] = [];
  let [samples, children]: [readonly Sample[], number] = [[], 0];
  for (const end = performance.now() + troubledSeconds * 1000; performance.now() < end; ) {
    const began = performance.now();
    await collector.scrape('/metrics');
    milliseconds.push(performance.now() - began);
    samples = await scrapeSamples(collector);
    children = Math.max(children, findBelow(collector.pid, 'sleep').length);
    await seconds(1);
  }
  milliseconds.sort((a, b) => a - b);
  const failed = failing(samples);
  const others = [...failed].filter((name) => !expected.includes(name) && !before.has(name));
  const has = (name: string, value?: number) =>
    samples.some((one) => one.name === name && (value === undefined || one.value === value)) ? 1 : 0;
  return [
    barred('collector.trouble.scrape.slowest', milliseconds.at(-1)!, '<=', 1_000, 'ms'),
    told('collector.trouble.scrape.p50', milliseconds[Math.floor(milliseconds.length / 2)]!, 'ms'),
    barred('collector.trouble.docker.fails', failed.has('docker') ? 1 : 0, '==', 1),
    barred('collector.trouble.docker.told_down', has('container_engine_up', 0), '==', 1),
    barred('collector.trouble.docker.stale_series', has('container_last_seen'), '==', 0),
    barred('collector.trouble.gpu.told_down', has('gpu_collector_up', 0), '==', 1),
    barred('collector.trouble.gpu.children', children, '<=', 1),
    barred('collector.trouble.textfile.told', has('node_textfile_scrape_error', 1), '==', 1),
    barred('collector.trouble.other_sources_failing', others.length, '==', 0),
    barred('collector.trouble.other_metrics', has('node_load1') + has('node_cpu_seconds_total'), '==', 2),
  ];
}

/** The engine goes on, and so do its containers' series. */
async function afterwards(collector: Exporter): Promise<Figure> {
  const name = 'collector.trouble.docker.back_after';
  const began = performance.now();
  while (performance.now() - began < 60_000) {
    await seconds(1);
    const back = (await scrapeSamples(collector)).some((one) => one.name === 'container_last_seen');
    if (back) return barred(name, (performance.now() - began) / 1000, '<=', 30, 's');
  }
  return unmeasured(name, 'not within 60 s', 's');
}

function failing(samples: readonly Sample[]): Set<string> {
  const failed = samples.filter(({ name, value }) => name === 'node_scrape_collector_success' && value === 0);
  return new Set(failed.map(({ labels }) => labels['collector']!));
}
