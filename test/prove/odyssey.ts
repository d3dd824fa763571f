// Starts the product as a person would, with `npm start`, and asks its ports what a person would ask.
import { type ChildProcess, spawn } from 'node:child_process';
import { z } from 'zod';
import { root } from '../tidy/tree.ts';

export interface Odyssey {
  child: ChildProcess;
  portBase: number;
  /** Ctrl-C, then waits for the exit; the exit code. */
  stop(): Promise<number | null>;
}

const ports = { collector: 9401, prometheus: 9090, gpu: 9405, container: 9406, process: 9407, disk: 9408 } as const;
export type Part = keyof typeof ports;
export const detectors = ['gpu', 'container', 'process', 'disk'] as const;

export function start(options: {
  data: string;
  portBase: number;
  extra?: string[];
  progress(line: string): void;
}): Odyssey {
  const args = [
    'start',
    '--',
    '--data',
    options.data,
    '--port-base',
    String(options.portBase),
    ...(options.extra ?? []),
  ];
  const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) =>
      text
        .toString()
        .split('\n')
        .filter(Boolean)
        .forEach((line) => {
          options.progress(`  | ${line}`);
        }),
    );
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    child,
    portBase: options.portBase,
    stop: () => {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
      return exited;
    },
  };
}

export function address(odyssey: Odyssey, part: Part, path: string): string {
  return `http://127.0.0.1:${ports[part] + odyssey.portBase}${path}`;
}

export async function getText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}

const vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** An instant query; label sets with their values. */
export async function ask(
  odyssey: Odyssey,
  query: string,
): Promise<{ labels: Record<string, string>; value: number }[]> {
  const body = await getText(address(odyssey, 'prometheus', `/api/v1/query?${new URLSearchParams({ query })}`));
  return vector
    .parse(JSON.parse(body))
    .data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** Asks again every second until the answer satisfies or the time is over; the last answer or error is told. */
export async function until<T>(seconds: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  let last = 'nothing yet';
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    try {
      const found = await look();
      if (found !== undefined) return found;
      last = 'not yet';
    } catch (error) {
      last = (error as Error).message;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${what}: not within ${seconds} s (${last})`);
}
