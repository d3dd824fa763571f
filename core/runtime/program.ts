// Runs a program: without a shell, with a deadline and an output bound, killed and never waited for.
import { spawn } from 'node:child_process';

/** A finished command; `exitCode` is null when a signal ended it. */
export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface ProgramLimits {
  timeoutSeconds: number;
  /** Of standard output and standard error each. */
  outputBytesMax: number;
}

/** Programs that were killed and have not gone yet. */
const lingering = new Set<string>();

/**
 * Resolves when the program has ended and said everything; rejects when it cannot be started, is late or says too much.
 * A program that is late gets SIGKILL and is not waited for: one that hangs in the kernel cannot be. Until it has gone,
 * the same program is not started again, so that a hung driver collects one process and not one for every try.
 */
export function runProgram(file: string, args: readonly string[], limits: ProgramLimits): Promise<CommandResult> {
  if (lingering.has(file)) return Promise.reject(new Error(`the ${file} that was killed has not ended yet`));
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    const stdout = collectOutput(limits.outputBytesMax, () =>
      abandon(`${file} said more than ${limits.outputBytesMax} bytes`),
    );
    const stderr = collectOutput(limits.outputBytesMax, () => abandon(`${file} complained at too great length`));
    const timer = setTimeout(
      () => abandon(`${file} did not end within ${limits.timeoutSeconds} s`),
      limits.timeoutSeconds * 1000,
    );
    const abandon = (reason: string) => {
      clearTimeout(timer);
      // One that has exited already, while a grandchild holds its pipe, would say so no second time.
      if (child.exitCode === null && child.signalCode === null) {
        lingering.add(file);
        child.once('exit', () => lingering.delete(file));
      }
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      reject(new Error(reason));
    };
    child.stdout.on('data', stdout.add);
    child.stderr.on('data', stderr.add);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

function collectOutput(bytesMax: number, tooMuch: () => void) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk: Buffer) {
      bytes += chunk.length;
      if (bytes > bytesMax) tooMuch();
      else chunks.push(chunk);
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}
