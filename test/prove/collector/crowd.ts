// Proof at scale: the real collector on a made-up machine of 2,000 containers and 5,000 processes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNumber } from '../../../core/lib/parse.ts';
import type { Exporter } from '../../bench/exporter.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import { makeUpHost } from './made-up-host.ts';
import { scrapeSamples, seconds, withCollector, withMemoryFolder } from './started.ts';

type Progress = (line: string) => void;

const containers = 2_000;
const processes = 5_000;
/** Scrapes, and the pause between them: long enough for every background source to be read a few times. */
const scrapes = 10;
const pauseSeconds = 6;
const replacedPerPause = 100;

export async function proveCrowd(cache: string, progress: Progress): Promise<Figure[]> {
  return withMemoryFolder(async (folder) => {
    progress(`making up ${containers} containers and ${processes} processes`);
    const host = await makeUpHost(folder, { containers, processes });
    try {
      const environment = { HOST_ROOT: host.hostRoot, DOCKER_HOST: host.dockerHost, COLLECTOR_DNS_NAMES: '' };
      return await withCollector(cache, environment, (collector) => measure(collector, host.replace, progress));
    } catch (error) {
      return [unmeasured('collector.crowd', (error as Error).message)];
    } finally {
      await host.close();
    }
  });
}

/** While it is scraped, containers come and go, 1,000 a minute. */
async function measure(collector: Exporter, replace: (count: number) => void, progress: Progress): Promise<Figure[]> {
  const whole = await settled(collector);
  const milliseconds: number[] = [];
  let slowestSource = { name: '', seconds: 0 };
  let residentMax = 0;
  for (let scrape = 0; scrape < scrapes; scrape++) {
    replace(replacedPerPause);
    await seconds(pauseSeconds);
    const began = performance.now();
    await collector.scrape('/metrics');
    milliseconds.push(performance.now() - began);
    residentMax = Math.max(residentMax, residentBytes(collector.pid));
    for (const { name, labels, value } of await scrapeSamples(collector)) {
      if (name !== 'node_scrape_collector_duration_seconds' || value <= slowestSource.seconds) continue;
      slowestSource = { name: labels['collector']!, seconds: value };
    }
  }
  milliseconds.sort((a, b) => a - b);
  progress(`the slowest source was ${slowestSource.name}`);
  const last = await scrapeSamples(collector);
  const seen = last.filter(({ name }) => name === 'container_last_seen').length;
  return [
    barred('collector.crowd.containers', whole, '==', containers),
    barred('collector.crowd.processes', readOne(last, 'node_processes_pids'), '>=', processes),
    told('collector.crowd.containers.while_they_change', seen),
    told('collector.crowd.series', last.length),
    barred('collector.crowd.tick', slowestSource.seconds, '<=', 5, 's'),
    barred('collector.crowd.resident', residentMax / 1e6, '<=', 300, 'MB'),
    told('collector.crowd.pss', collector.bill().pssBytes / 1e6, 'MB'),
    told('collector.crowd.scrape.p50', milliseconds[Math.floor(scrapes / 2)]!, 'ms'),
    barred('collector.crowd.scrape.slowest', milliseconds.at(-1)!, '<=', 1_000, 'ms'),
  ];
}

/** How many containers have series, once all of them should. */
async function settled(collector: Exporter): Promise<number> {
  let found = 0;
  for (let tries = 0; tries < 10 && found < containers; tries++) {
    await seconds(5);
    found = (await scrapeSamples(collector)).filter(({ name }) => name === 'container_last_seen').length;
  }
  return found;
}

function readOne(samples: Awaited<ReturnType<typeof scrapeSamples>>, name: string): number {
  return samples.find((one) => one.name === name)?.value ?? Number.NaN;
}

function residentBytes(pid: number): number {
  const text = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
  return parseNumber(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1]) * 1024;
}
