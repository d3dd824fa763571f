// Starts the load generator within the network of an engine, and takes what it counted.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** What is asked of HAProxy, at a port of its own. */
export interface LoadOptions {
  port: number;
  host: string;
  connections: number;
  /** Without it until it is stopped. */
  requests?: number;
  pauseMilliseconds?: number;
  path?: string;
}

export interface LoadResult {
  total: number;
  failed: number;
  failures: string[];
  answers: Record<string, number>;
}

export interface RunningLoad {
  stop(): void;
  done: Promise<LoadResult>;
}

/** Requests from within the network of a process, until they are made or it is stopped. */
export function startLoad(pid: number, options: LoadOptions): RunningLoad {
  const loader = join(import.meta.dirname, 'main.ts');
  const parameters = ['-t', String(pid), '--net', process.execPath, loader, JSON.stringify(options)];
  const child = spawn('nsenter', parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  const done = new Promise<LoadResult>((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text) as LoadResult) : reject(new Error(`the load ended with ${code}`)),
    );
  });
  return { stop: () => child.stdin.end(), done };
}
