// A server that freezes: its process is stopped in the midst of a connection that stays open, and goes on later. How long the page takes to say so, both times.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { visit } from './visit.ts';

const startMilliseconds = 60_000;
const tellMilliseconds = 15_000;
/** Freezes fall at different moments of the beat, from just after an answer on. */
const phaseMilliseconds = 430;
const program = join(import.meta.dirname, '../frozen/main.ts');

export interface Told {
  /** From the freeze until the page said that the server is lost. */
  lostSeconds: number;
  /** From when it went on until the page no longer said so. */
  foundSeconds: number;
}

/** Freezes and continues a real control plane so many times, with its overview open. Rejects where the page says nothing. */
export async function watchFrozen(browser: Browser, times: number): Promise<Told[]> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const url = await readAddress(child);
    const told: Told[] = [];
    await visit(browser, url, 'root-admin', async (page) => {
      for (let time = 0; time < times; time++) told.push(await freeze(page, child, time * phaseMilliseconds));
    });
    return told;
  } finally {
    child.kill('SIGCONT');
    child.stdin.end();
    await once(child, 'exit', { signal: AbortSignal.timeout(tellMilliseconds) }).catch(() => child.kill('SIGKILL'));
  }
}

async function readAddress(child: ChildProcess): Promise<string> {
  const signal = AbortSignal.timeout(startMilliseconds);
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line', { signal })) as [string];
  return line;
}

/** The page itself notes when its words change, so that a busy test does not count as a slow page. */
async function freeze(page: Page, child: ChildProcess, waitMilliseconds: number): Promise<Told> {
  await page.locator('.pulse.live').waitFor();
  await page.waitForTimeout(waitMilliseconds);
  const lost = noteWhen(page, true);
  await page.evaluate('1');
  const frozenAt = Date.now();
  child.kill('SIGSTOP');
  const lostSeconds = ((await lost) - frozenAt) / 1_000;
  const found = noteWhen(page, false);
  await page.evaluate('1');
  const wentOnAt = Date.now();
  child.kill('SIGCONT');
  return { lostSeconds, foundSeconds: ((await found) - wentOnAt) / 1_000 };
}

/** When the page begins or ceases to say that the server is lost, by the clock of the machine in milliseconds. */
function noteWhen(page: Page, isLost: boolean): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve, reject) => {
    const says = () => (document.querySelector('main [role="alert"]')?.innerText ?? '').includes('Server lost');
    const note = () => { if (says() === ${isLost}) { observer.disconnect(); resolve(Date.now()); } };
    const observer = new MutationObserver(note);
    observer.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => reject(new Error('the page did not say that the server is ${isLost ? 'lost' : 'there'}')), ${tellMilliseconds});
    note();
  })`);
}
