// Keeps the processes of one machine running: starts them, waits until each is ready, starts them again when they crash, ends them all.
import { type ChildProcess, spawn } from 'node:child_process';
import { systemClock } from '../../core/runtime/clock.ts';
import { nextWait, noCrashes } from './back-off.ts';
import { openLogFile } from './log-file.ts';
import type { ProcessPlan } from './plan.ts';
import { answersAll } from './ready.ts';
import { isRefusal } from './refusal.ts';
import { createToldLines } from './told-lines.ts';

export interface SupervisorPorts {
  logsDir: string;
  /** How long a child may take to end by itself. */
  stopSeconds: number;
  /** One line to the person who watches. */
  say(line: string): void;
  /** Told whenever the set of running children changes. */
  remember(pids: readonly number[]): void;
}

export interface Supervisor {
  /** Resolves when a process refuses its settings: what it says of them has been told, and it is not started again. */
  refused: Promise<'refused'>;
  /** Resolves once every process is ready, or at the deadline with the names of those that are not. */
  whenReady(deadlineSeconds: number): Promise<readonly string[]>;
  /** Ends every child: SIGTERM, and SIGKILL to what is left after `stopSeconds`. */
  stop(): Promise<void>;
}

/** One process and what became of it. */
interface Kept {
  plan: ProcessPlan;
  child: ChildProcess | undefined;
  ready: boolean;
  everReady: boolean;
  /** Lines for the person that wait until the process is ready. */
  told: string[];
  ended: Promise<void>;
}

const logBytesMax = 10 * 2 ** 20;
const logsKept = 3;
const toldMax = 20;
/** What is kept of a standard error, to be shown whole where it is about settings. */
const complaintMax = 8_192;
/** How long a process waits for the one that it is to come after. */
const afterSecondsMax = 5;

/** Starts all at once: they wait for each other by themselves, but for those that are to come after another. */
export function supervise(plans: readonly ProcessPlan[], ports: SupervisorPorts): Supervisor {
  const stopping = new AbortController();
  const kept: Kept[] = plans.map((plan) => ({
    plan,
    child: undefined,
    ready: false,
    everReady: false,
    told: [],
    ended: Promise.resolve(),
  }));
  const { promise: refused, resolve: refuse } = Promise.withResolvers<'refused'>();
  const remember = () => ports.remember(kept.flatMap(({ child }) => (child?.pid === undefined ? [] : [child.pid])));
  for (const one of kept) {
    const first = kept.find(({ plan }) => plan.name === one.plan.after);
    one.ended = untilReady(first, stopping.signal).then(async () => {
      if ((await keepRunning(one, ports, remember, stopping.signal)) === 'refused') refuse('refused');
    });
  }
  return {
    refused,
    async whenReady(deadlineSeconds) {
      const until = systemClock.monotonicSeconds() + deadlineSeconds;
      const waiting = () => kept.filter(({ ready }) => !ready).map(({ plan }) => plan.name);
      while (waiting().length > 0 && systemClock.monotonicSeconds() < until && !stopping.signal.aborted) {
        await systemClock.sleep(0.1, stopping.signal);
      }
      return waiting();
    },
    async stop() {
      stopping.abort();
      for (const { child } of kept) signal(child, 'SIGTERM');
      const killing = setTimeout(() => {
        for (const { plan, child } of kept) {
          if (child === undefined) continue;
          ports.say(`${plan.name} does not stop by itself; killed`);
          signal(child, 'SIGKILL');
        }
      }, ports.stopSeconds * 1000);
      await Promise.all(kept.map(({ ended }) => ended));
      clearTimeout(killing);
    },
  };
}

async function untilReady(first: Kept | undefined, stop: AbortSignal): Promise<void> {
  const until = systemClock.monotonicSeconds() + afterSecondsMax;
  while (first?.ready === false && systemClock.monotonicSeconds() < until && !stop.aborted)
    await systemClock.sleep(0.05, stop);
}

/** Until told to stop, or until it refuses its settings: start, watch, say why it ended, wait, start again. */
async function keepRunning(
  one: Kept,
  ports: SupervisorPorts,
  remember: () => void,
  stop: AbortSignal,
): Promise<'stopped' | 'refused'> {
  const log = openLogFile(`${ports.logsDir}/${one.plan.name}.log`, logBytesMax, logsKept);
  let history = noCrashes;
  let restarted = false;
  while (!stop.aborted) {
    const began = systemClock.monotonicSeconds();
    const life = new AbortController();
    let lastLine = '';
    let complaint = '';
    one.told = [];
    const output = {
      write(chunk: Uint8Array) {
        log.write(chunk);
        lastLine = lastLineOf(chunk) ?? lastLine;
      },
      complain(text: string) {
        complaint = (complaint + text).slice(0, complaintMax);
      },
      tell(lines: readonly string[]) {
        one.told = [...one.told, ...lines].slice(0, toldMax);
        if (one.ready) sayTold(one, ports);
      },
    };
    const ending = spawnOne(one, stop, output);
    remember();
    void sayWhenReady(one, began, restarted, ports, life.signal);
    const reason = await ending;
    life.abort();
    one.child = undefined;
    one.ready = false;
    remember();
    if (stop.aborted) break;
    if (isRefusal({ everReady: one.everReady, reason, complaint })) {
      ports.say(`${one.plan.name} refuses to start:`);
      for (const line of complaint.trimEnd().split('\n')) ports.say(`  ${masked(line)}`);
      log.close();
      return 'refused';
    }
    const verdict = nextWait(history, systemClock.monotonicSeconds() - began);
    history = verdict.history;
    ports.say(`${one.plan.name} ended (${reason}); starting it again in ${verdict.waitSeconds} s`);
    if (lastLine !== '' && reason.startsWith('exit code')) ports.say(`  its last words: ${lastLine}`);
    await systemClock.sleep(verdict.waitSeconds, stop);
    restarted = true;
  }
  log.close();
  return 'stopped';
}

interface Output {
  /** To its log. */
  write(chunk: Uint8Array): void;
  /** What it says on standard error, but for the lines that are told. */
  complain(text: string): void;
  /** To the person. */
  tell(lines: readonly string[]): void;
}

/** Resolves to a word on how it ended. A group of its own keeps the terminal's Ctrl-C away from it: we end it in order. */
function spawnOne(one: Kept, stop: AbortSignal, { write, complain, tell }: Output): Promise<string> {
  const { plan } = one;
  const lines = plan.tells && createToldLines(plan.tells);
  return new Promise((resolve) => {
    const child = spawn(plan.command, plan.args, {
      cwd: plan.cwd,
      env: plan.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    one.child = child;
    child.stdout.on('data', write);
    child.stderr.on('data', (chunk: Uint8Array) => {
      if (lines === undefined) {
        complain(Buffer.from(chunk).toString('utf8'));
        return write(chunk);
      }
      const { told, rest } = lines.take(chunk);
      if (rest !== '') write(Buffer.from(rest));
      complain(rest);
      if (told.length > 0) tell(told);
    });
    child.once('error', (error) => resolve(error.message));
    // "close" rather than "exit": its last words have been read by then.
    child.once('close', (code, killedBy) => {
      const last = lines?.end() ?? '';
      if (last !== '') write(Buffer.from(last));
      complain(last);
      signal(child, 'SIGKILL'); // what it started itself goes with it
      resolve(killedBy ?? `exit code ${code}`);
    });
    child.once('exit', () => setTimeout(() => closePipes(child), 1_000).unref());
    if (stop.aborted) signal(child, 'SIGTERM');
  });
}

/** A grandchild may hold the pipes open after the child is gone; then "close" would never come. */
function closePipes(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

async function sayWhenReady(
  one: Kept,
  beganSeconds: number,
  again: boolean,
  ports: SupervisorPorts,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    if (await answersAll(one.plan.readyUrls, ended)) {
      if (ended.aborted) return;
      one.ready = true;
      one.everReady = true;
      const seconds = (systemClock.monotonicSeconds() - beganSeconds).toFixed(1);
      ports.say(`${one.plan.name.padEnd(13)} ready${again ? ' again' : ''} after ${seconds} s  ${one.plan.address}`);
      sayTold(one, ports);
      return;
    }
    await systemClock.sleep(0.2, ended);
  }
}

function sayTold(one: Kept, ports: SupervisorPorts): void {
  for (const line of one.told) ports.say(`  ${masked(line)}`);
  one.told = [];
}

function signal(child: ChildProcess | undefined, name: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // Its whole group is gone.
  }
}

const lastWordsMax = 600;

function lastLineOf(chunk: Uint8Array): string | undefined {
  const lines = Buffer.from(chunk).toString('utf8').trimEnd().split('\n');
  const last = lines.at(-1)?.trim() ?? '';
  return last === '' ? undefined : masked(last);
}

function masked(line: string): string {
  return line.slice(0, lastWordsMax).replaceAll(/\p{Cc}/gu, '·');
}
