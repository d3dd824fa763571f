// Runs a program to its end: no input, a deadline, a bounded memory of what it said.
import { spawn } from 'node:child_process';

export interface Ran {
  /** null where it was killed (the deadline) or never started. */
  code: number | null;
  /** The last of what it printed, both streams together. */
  output: string;
}

export interface RunOptions {
  timeoutSeconds: number;
  cwd?: string;
  /** Told of each whole line, as it comes. */
  onLine?(line: string): void;
}

const outputCharactersMax = 65_536;

export function run(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutSeconds * 1000,
      killSignal: 'SIGKILL',
    });
    const end = () => child.kill('SIGKILL');
    process.once('exit', end); // it must not outlive us
    let output = '';
    let open = '';
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-outputCharactersMax);
      const lines = (open + chunk.toString('utf8')).split('\n');
      open = lines.pop()!.slice(-outputCharactersMax);
      for (const line of lines) options.onLine?.(line);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => {
      process.off('exit', end);
      resolve({ code: null, output: error.message });
    });
    child.once('close', (code) => {
      process.off('exit', end);
      resolve({ code, output });
    });
  });
}
