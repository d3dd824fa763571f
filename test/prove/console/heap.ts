// Whether a page that is left open on a wall grows: the heap of the overview while values come, after a collection, looked at all along.
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure, told } from '../figure.ts';
import { enter, readMetrics } from './entered.ts';

const readings = 5;
const betweenMilliseconds = 4_000;
/** At the beginning and at the end, whose medians are compared. */
const compared = 5;
/** The server sends an overview every 5 s; a wall that shows an older one is behind. */
const overviewSeconds = 5;
const ageSecondsMax = 4 * overviewSeconds;

interface Sample {
  JSHeapUsedSize: number;
  Nodes: number;
  JSEventListeners: number;
  /** Overviews that came since the page was opened. */
  updates: number;
  /** Whether it is the overview, live, of values that are not old. */
  isLive: boolean;
}

/**
 * The first ten minutes are for caches to fill and for the engine to compile what runs often, which an overview every five seconds makes it do
 * slowly: the difference of two snapshots within them is compiled code alone, a quarter of a mebibyte from the fifth minute to the tenth, and
 * what is compiled later comes ever slower. What leaked would go on growing after them.
 */
export async function proveHeap(
  browser: Browser,
  plane: TestPlane,
  minutes: number,
  progress: (line: string) => void,
): Promise<Figure[]> {
  const { page, cdp } = await enter(browser, plane);
  const counted = countUpdates(page);
  await page.reload();
  await page.waitForTimeout(Math.min(600_000, minutes * 20_000));
  // Looking costs the page something the first time.
  await isLive(page);
  await readKept(cdp);
  const samples: Sample[] = [];
  const everyMilliseconds = Math.min(60_000, minutes * 6_000);
  const began = performance.now();
  for (let index = 0; index === 0 || index * everyMilliseconds <= minutes * 60_000; index++) {
    await page.waitForTimeout(Math.max(0, began + index * everyMilliseconds - performance.now()));
    const sample = { ...(await readKept(cdp)), updates: counted(), isLive: await isLive(page) };
    samples.push(sample);
    progress(`  ${(sample.JSHeapUsedSize / 1_048_576).toFixed(2)} MiB after ${sample.updates} updates`);
  }
  const seconds = (performance.now() - began) / 1_000;
  await page.context().close();
  return judge(samples, minutes, seconds);
}

/** Change, not growth alone: a heap that shrinks has lost what it showed, or began before its caches were full. */
function judge(samples: readonly Sample[], minutes: number, seconds: number): Figure[] {
  const heap = samples.map(({ JSHeapUsedSize }) => JSHeapUsedSize);
  const [first, last] = [median(heap.slice(0, compared)), median(heap.slice(-compared))];
  const silent = samples.filter(({ updates }, index) => index > 0 && updates <= samples[index - 1]!.updates);
  const updates = samples.at(-1)!.updates - samples[0]!.updates;
  const more = (name: 'Nodes' | 'JSEventListeners') => samples.at(-1)![name] - samples[0]![name];
  return [
    barred(
      `heap over ${minutes} minutes, its end against its beginning`,
      Math.abs(last / first - 1) * 100,
      ...(['<=', 10, '%'] as const),
    ),
    barred('times it was looked at', samples.length, '>=', 2 * compared),
    barred('of these, not the live overview', samples.filter(({ isLive }) => !isLive).length, '==', 0),
    barred('of these, without an update since the last', silent.length, '==', 0),
    barred('updates of the overview meanwhile', updates, '>=', Math.floor(seconds / overviewSeconds / 2)),
    told('heap at its least', Math.min(...heap) / 1_048_576, 'MiB'),
    told('heap at its most', Math.max(...heap) / 1_048_576, 'MiB'),
    told('nodes of the document more than at its beginning', more('Nodes')),
    told('listeners more than at its beginning', more('JSEventListeners')),
  ];
}

/** Counted outside the page, so that counting keeps nothing in its heap. */
function countUpdates(page: Page): () => number {
  let updates = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (/^42\d*\["updates"/.test(String(payload)) && String(payload).includes('"topic":"overview"')) updates += 1;
    }),
  );
  return () => updates;
}

interface Shown {
  title: string | undefined;
  live: boolean;
  at: string | undefined;
}
const readShown = `({
  title: document.querySelector('h1 bdi')?.textContent,
  live: document.querySelector('.pulse.live') !== null,
  at: document.querySelector('main time')?.dateTime,
})`;

/**
 * The age stands beside the heading and is that of what is shown. Read with a function as small as can be: what the browser's driver brings
 * along to find things by role would be most of what the page holds.
 */
async function isLive(page: Page): Promise<boolean> {
  const shown = await page.evaluate<Shown>(readShown);
  const ageSeconds = (Date.now() - Date.parse(shown.at ?? '')) / 1_000;
  return shown.title === 'Overview' && shown.live && ageSeconds <= ageSecondsMax;
}

/** The least of several readings: an answer that is being read at one of them is held for a moment, not kept. */
async function readKept(cdp: CDPSession): Promise<Pick<Sample, 'JSHeapUsedSize' | 'Nodes' | 'JSEventListeners'>> {
  const found = [];
  for (let reading = 0; reading < readings; reading++) {
    if (reading > 0) await new Promise((resolve) => setTimeout(resolve, betweenMilliseconds));
    await cdp.send('HeapProfiler.collectGarbage');
    found.push(await readMetrics(cdp, ['JSHeapUsedSize', 'Nodes', 'JSEventListeners']));
  }
  return found.reduce((least, one) => (one.JSHeapUsedSize < least.JSHeapUsedSize ? one : least));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
