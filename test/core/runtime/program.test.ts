// Programs are bounded in time and talk, and one that is late is not waited for.
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../core/runtime/clock.ts';
import { runProgram } from '../../../core/runtime/program.ts';

const limits = { timeoutSeconds: 5, outputBytesMax: 1000 };
const shell = (script: string, more = {}) => runProgram('/bin/sh', ['-c', script], { ...limits, ...more });

/** One that was killed keeps its name taken until the kernel has let it go. */
afterEach(async () => {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await shell(':').then(
        () => true,
        () => false,
      )
    )
      return;
    await systemClock.sleep(0.02);
  }
});

test.each([
  { script: 'echo out; echo err >&2', gives: { exitCode: 0, stdout: 'out\n', stderr: 'err\n' } },
  { script: 'exit 3', gives: { exitCode: 3, stdout: '', stderr: '' } },
  { script: 'kill -9 $$', gives: { exitCode: null, stdout: '', stderr: '' } },
  { script: 'echo "$LC_ALL"', gives: { exitCode: 0, stdout: 'C\n', stderr: '' } },
])('$script', async ({ script, gives }) => {
  expect(await shell(script)).toEqual(gives);
});

test.each([
  { given: 'one that is late', script: 'exec sleep 30', gives: 'did not end within 0.2 s' },
  {
    given: 'one that ignores signals and leaves children',
    script: "trap '' TERM INT; sleep 3; echo",
    gives: 'did not end within 0.2 s',
  },
  { given: 'one that says too much', script: 'exec yes', gives: 'more than 1000 bytes' },
  { given: 'one that complains too much', script: 'exec yes >&2', gives: 'complained' },
])('$given is abandoned at once', async ({ script, gives }) => {
  const started = performance.now();
  await expect(shell(script, { timeoutSeconds: 0.2 })).rejects.toThrow(gives);
  expect(performance.now() - started).toBeLessThan(1500);
});

test('one that has ended while a grandchild holds its pipe is late, and is started anew each time', async () => {
  for (let at = 0; at < 3; at++) {
    await expect(shell('sleep 2 & echo hi', { timeoutSeconds: 1 })).rejects.toThrow('did not end within 1 s');
  }
  await expect(shell('echo hi')).resolves.toMatchObject({ stdout: 'hi\n' });
});

test('one that does not exist rejects with its code', async () => {
  await expect(runProgram('/no/such/program', [], limits)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('until one that was killed has gone, the same is not started again', async () => {
  await expect(shell('exec sleep 30', { timeoutSeconds: 0.05 })).rejects.toThrow('did not end');
  await expect(shell(':')).rejects.toThrow('has not ended yet');
});
