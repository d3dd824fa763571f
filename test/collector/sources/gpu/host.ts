// A host whose nvidia-smi says what the test wants, by what it is asked for.
import { expect } from 'vitest';
import { guardSamples } from '../../../../collector/guard.ts';
import type { CommandResult, Machine } from '../../../../collector/source.ts';
import { createContainers } from '../../../../collector/sources/containers/index.ts';
import { createGpus } from '../../../../collector/sources/gpu/index.ts';
import { renderExposition } from '../../../../core/lib/promtext.ts';
import { fixture } from '../../fixtures.ts';
import { createHost, type Host } from '../containers/host.ts';

export const oneGpu = fixture('gpu/one-gpu.csv');
export const uuid = '5b2c1f00-1234-4abc-9def-0123456789ab';
const apps = fixture('gpu/apps.csv');

export type Answer = Partial<CommandResult> | Error | Promise<never>;

/** A host whose nvidia-smi answers by what it is asked for. */
export function gpuHost(gpus: Answer | ((args: readonly string[]) => Answer), processes: Answer = { stdout: apps }) {
  const host = createHost();
  const containers = createContainers();
  const calls: string[][] = [];
  let [alive, most] = [0, 0];
  const say = { gpus, processes };
  host.machine.run = async (_file, args, limits) => {
    expect(limits.timeoutSeconds).toBe(3);
    expect(limits.outputBytesMax).toBeLessThanOrEqual(1024 * 1024);
    calls.push([...args]);
    most = Math.max(most, ++alive);
    try {
      const ask = args[0]!;
      const answer = ask.startsWith('--query-gpu')
        ? typeof say.gpus === 'function'
          ? say.gpus(args)
          : say.gpus
        : ask.startsWith('--query-compute')
          ? say.processes
          : { stdout: 'CUDA Version : 12.4\n' };
      const result = await answer;
      if (result instanceof Error) throw result;
      return { exitCode: 0, stdout: '', stderr: '', ...result };
    } finally {
      alive--;
    }
  };
  return { host, containers, calls, say, gpus: createGpus(containers.engine), most: () => most };
}

export async function readGpu(
  machine: Machine,
  { sources }: Pick<ReturnType<typeof createGpus>, 'sources'>,
  name: string,
): Promise<string[]> {
  const source = sources.find((one) => one.name === name)!;
  const { kept } = guardSamples(source, await source.read(machine));
  return renderExposition(source.metrics, kept)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

export const gpuHealth = async ({ host, gpus }: ReturnType<typeof gpuHost>) =>
  readGpu(host.machine, gpus, 'gpu_health');
export const addNvidia = ({ files }: Host, status = 'active', address = '0000:01:00.0') =>
  Object.assign(files, {
    [`/sys/bus/pci/devices/${address}/vendor`]: '0x10de\n',
    [`/sys/bus/pci/devices/${address}/class`]: '0x030200\n',
    [`/sys/bus/pci/devices/${address}/power/runtime_status`]: `${status}\n`,
  });
