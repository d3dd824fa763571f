// Every name and label that a community dashboard asks for is there, on a machine that has everything.
import { beforeAll, expect, test } from 'vitest';
import { createCollector } from '../../collector/collect.ts';
import type { Machine } from '../../collector/source.ts';
import { createKnown, createSources } from '../../collector/sources/index.ts';
import type { Sample } from '../../core/contracts/sample.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { fakeMachine } from '../fakes/machine.ts';
import { dashboards, gpuAppRows, gpuRows, unanswered } from './dashboards.ts';
import { hostFiles, hostOptions, textfileFolder } from './host.ts';
import { addContainer, createHost } from './sources/containers/host.ts';

let samples: readonly Sample[];

beforeAll(async () => {
  const options = { dnsNames: ['localhost'], textfileDirectory: textfileFolder, hostRoot: '' };
  const collector = createCollector(
    createSources(
      options,
      createKnown(async () => undefined),
    ),
    {
      machine: everything(),
      clock: systemClock,
      onChange: () => undefined,
    },
  );
  await collector.start(AbortSignal.abort()); // the engine's list and the GPUs are read first, whatever the order,
  await collector.start(AbortSignal.abort()); // so that what builds on them finds them
  samples = (await collector.scrape()).samples;
});

/** The host of the node sources with a container, a process in it, and a GPU. */
function everything(): Machine {
  const host = createHost(2);
  addContainer(host, 2, 'web', 77);
  const numbers = Array.from({ length: 40 }, (_, at) => at + 1).join(' ');
  const files = {
    ...host.files,
    ...hostFiles,
    '/proc/77/stat': `77 (server) S 1 ${numbers}\n`,
    '/proc/77/cmdline': 'server\0',
    '/proc/77/status': 'Name:\tserver\nState:\tS\nVmSwap:\t 0 kB\n',
    '/proc/77/io': 'read_bytes: 1\nwrite_bytes: 1\n',
  };
  const machine = fakeMachine(files, {
    ...hostOptions,
    links: { ...host.links, ...hostOptions.links },
    docker: host.docker,
  });
  const said = (args: readonly string[]) =>
    args[0]!.startsWith('--query-gpu')
      ? gpuRows
      : args[0]!.startsWith('--query-compute')
        ? gpuAppRows
        : 'CUDA Version : 12.4\n';
  const run: Machine['run'] = async (file, args, limits) =>
    file === 'nvidia-smi' ? { exitCode: 0, stdout: said(args), stderr: '' } : machine.run(file, args, limits);
  return { ...machine, run };
}

test.each(dashboards)('$id $title', (dashboard) => {
  expect(dashboard.asks.length).toBeGreaterThan(0);
  expect(unanswered(dashboard, samples)).toEqual([]);
});

test('what is missing is told, by name and by label', () => {
  const [docker] = dashboards.filter(({ id }) => id === 193);
  const without = samples
    .filter(({ name }) => name !== 'container_last_seen')
    .map((one) => (one.name === 'container_memory_usage_bytes' ? { ...one, labels: { id: '/a', name: 'a' } } : one));
  expect(unanswered(docker!, without)).toEqual(['container_last_seen', 'container_memory_usage_bytes without image']);
});
