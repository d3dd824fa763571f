// How smoothly a log of ten thousand lines scrolls, from its first to its last.
import type { Browser, Page } from 'playwright-core';
import type { TestPlane } from '../../web/server/plane.ts';
import { barred, type Figure, told } from '../figure.ts';
import { enter, readMetrics } from './entered.ts';

export async function proveScrolling(browser: Browser, plane: TestPlane): Promise<Figure[]> {
  const { page, cdp } = await enter(browser, plane);
  await page.goto(`${plane.url}/gallery?tab=logs`);
  await page.getByRole('log').waitFor();
  await page.waitForTimeout(1_000);
  const { ThreadTime: before } = await readMetrics(cdp, ['ThreadTime']);
  const { frames, seconds, unseen } = await scroll(page);
  const { ThreadTime: after } = await readMetrics(cdp, ['ThreadTime']);
  const words = await page
    .getByText(/[\d,]+ lines/)
    .first()
    .textContent();
  const lines = Number(/([\d,]+) lines/.exec(words ?? '')?.[1]?.replaceAll(',', ''));
  await page.context().close();
  return [
    barred('scrolling through the log', frames / seconds, '>=', 50, 'frames/s'),
    barred('frames of it without a line in sight', unseen, '==', 0),
    barred('entries in that log', lines, '>=', 10_000),
    told('one frame of it', ((after - before) * 1_000) / frames, 'ms of the main thread'),
  ];
}

interface Scrolled {
  frames: number;
  seconds: number;
  /** Frames in which the middle of the log showed no line: the window had not followed. */
  unseen: number;
}

/** From top to bottom in four seconds, a step a frame, 50 lines and more each. */
function scroll(page: Page): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`new Promise((resolve) => {
    const frame = document.querySelector('[role="log"]');
    const box = frame.getBoundingClientRect();
    const began = performance.now();
    let [frames, unseen] = [0, 0];
    const step = (now) => {
      frames += 1;
      if (!document.elementFromPoint(box.left + 100, box.top + box.height / 2)?.closest('.row')) unseen += 1;
      frame.scrollTop = ((now - began) / 4_000) * frame.scrollHeight;
      if (now - began < 4_000) requestAnimationFrame(step);
      else resolve({ frames, seconds: (now - began) / 1_000, unseen });
    };
    frame.scrollTop = 0;
    requestAnimationFrame(() => requestAnimationFrame(step));
  })`);
}
