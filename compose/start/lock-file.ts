// The lock on a data folder, and what a supervisor that was killed left running.
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../core/runtime/read-text.ts';
import { decideLock, type Holder, parseHolder, renderHolder, startTicksIn, stateIn } from './lock.ts';

export type Locked = { kind: 'locked'; release(): void } | { kind: 'refused'; reason: string };

/** Takes `<runDir>/supervisor.lock` for this process, or says who has it. */
export function takeLock(runDir: string): Locked {
  const path = join(runDir, 'supervisor.lock');
  const mine = join(runDir, `supervisor.lock.${process.pid}`);
  const stale = `${mine}.stale`;
  writeFileSync(mine, renderHolder({ pid: process.pid, startTicks: startTicksOf(process.pid) ?? '0' }));
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      const text = readText(path);
      const verdict = decideLock(text, startTicksOf);
      if (verdict.kind === 'refuse') return { kind: 'refused', reason: verdict.reason };
      if (verdict.kind === 'take-over') moveAside(path, stale, text);
      else if (linkNew(mine, path)) return { kind: 'locked', release: () => rmSync(path, { force: true }) };
    }
    return { kind: 'refused', reason: 'another start keeps taking it' };
  } finally {
    rmSync(mine, { force: true });
    rmSync(stale, { force: true });
  }
}

/** Whether somebody holds the lock now. */
export function lockHolder(runDir: string): Holder | undefined {
  const text = readText(join(runDir, 'supervisor.lock'));
  const holder = text === undefined ? undefined : parseHolder(text);
  return holder !== undefined && startTicksOf(holder.pid) === holder.startTicks ? holder : undefined;
}

/** Of two that judge the same lock stale only one moves it; the other finds a new one in its hands and puts it back. */
function moveAside(path: string, stale: string, judged: string | undefined): void {
  try {
    renameSync(path, stale);
  } catch {
    return;
  }
  if (readText(stale) !== judged) linkNew(stale, path);
}

/** A link is made whole or not at all, and never over what is there. */
function linkNew(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Remembers the children, so that whoever takes over a dead supervisor's folder can end them. */
export function rememberChildren(runDir: string, pids: readonly number[]): void {
  const lines = pids.map((pid) => ({ pid, startTicks: startTicksOf(pid) }));
  const alive = lines.filter((line): line is Holder => line.startTicks !== undefined);
  writeFileSync(join(runDir, 'children'), alive.map(renderHolder).join(''));
}

/** The remembered children that still run. */
export function leftChildren(runDir: string): number[] {
  const lines = (readText(join(runDir, 'children')) ?? '').split('\n').filter((line) => line !== '');
  const holders = lines.map((line) => parseHolder(`${line}\n`)).filter((holder) => holder !== undefined);
  return holders.filter(({ pid, startTicks }) => startTicksOf(pid) === startTicks).map(({ pid }) => pid);
}

function startTicksOf(pid: number): string | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === undefined || stateIn(stat) === 'Z' ? undefined : startTicksIn(stat);
}
