// A page by keyboard alone: every control is reached in its order and seen to be, what opens closes again, and the keyboard is back where it was.
import type { Page } from 'playwright-core';
import { settle } from '../axe.ts';

const stopsMax = 150;
const settleMilliseconds = 500;
const openMilliseconds = 120;
const everything = ':is(a[href], button, input, select, textarea, summary, [tabindex="0"])';
/** Headings of tables sort; there are many, all alike, and a row is opened beside them. */
const pressable =
  ':is(button:not(:disabled, [tabindex="-1"], [role="tab"], th button), summary, tbody tr[tabindex="0"])';

/** What was walked through, so that a walk that met nothing is not taken for a good one. */
export interface Walked {
  /** What whoever has no mouse cannot do or see, as sentences. */
  faults: string[];
  stops: number;
  /** Dialogs and menus that opened and closed again. */
  opened: number;
}

/** A page, from the link that leads past the rail to its last control. */
export async function walkPage(page: Page, url: string, path: string): Promise<Walked> {
  await open(page, url, path);
  await page.keyboard.press('Tab');
  if (!(await page.evaluate<boolean>(`document.activeElement?.matches('.skip') ?? false`)))
    return { faults: ['the first Tab does not lead to the link past the rail'], stops: 0, opened: 0 };
  await page.keyboard.press('Enter');
  const { faults, stops } = await walk(page, 'main');
  faults.push(...(await page.evaluate<string[]>(mouseOnly)), ...(await turnTabs(page)));
  await open(page, url, path);
  const pressed = await pressAll(page, `main ${pressable}`, () => open(page, url, path));
  return { faults: [...faults, ...pressed.faults], stops, opened: pressed.opened };
}

/** What stands around every page: the rail and the bar. */
export async function walkFrame(page: Page, url: string): Promise<Walked> {
  await open(page, url, '/');
  await page.keyboard.press('Tab');
  const { faults, stops } = await walk(page, '.shell > :not(main)');
  const pressed = await pressAll(page, `.bar ${pressable}`, () => open(page, url, '/'));
  return { faults: [...faults, ...pressed.faults], stops, opened: pressed.opened };
}

/** Controls come with what is read: a walk that sets out before them passes them over, or meets them behind itself. */
async function open(page: Page, url: string, path: string): Promise<void> {
  await page.goto(url + path);
  await settle(page);
  await page.waitForTimeout(settleMilliseconds);
}

interface Stop {
  /** Among the controls of this part in the order of the document; -1 for what is none of them, such as a list that scrolls. */
  place: number;
  name: string;
  seen: boolean;
  /** Still in the part that is walked through. */
  within: boolean;
}

/** Tab by Tab through a part of the page. */
async function walk(page: Page, part: string): Promise<{ faults: string[]; stops: number }> {
  await page.evaluate(
    `globalThis.plain = new Map((${controls(part)}).map((element) => [element, (${look})(element)]))`,
  );
  const faults: string[] = [];
  const reached = new Set<number>();
  let last = -1;
  for (let count = 0; count < stopsMax; count++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate<Stop | null>(readStop(part));
    if (stop === null || !stop.within) break;
    if (stop.place === last && last >= 0) continue; // a field of several parts, such as a date: the browser shows which
    if (!stop.seen) faults.push(`nobody sees that the keyboard is on “${stop.name}”`);
    if (stop.place < 0) continue;
    if (stop.place < last) faults.push(`“${stop.name}” comes out of order`);
    if (reached.has(stop.place)) break;
    reached.add(stop.place);
    last = stop.place;
  }
  const all = await page.evaluate<string[]>(`(${controls(part)}).map(${nameOf})`);
  const missed = reached.size >= stopsMax ? [] : all.filter((_, place) => !reached.has(place));
  return { faults: [...faults, ...missed.map((name) => `Tab does not reach “${name}”`)], stops: reached.size };
}

/** Arrow keys go to the next tab and back. */
async function turnTabs(page: Page): Promise<string[]> {
  const chosen = page.locator('main [role="tab"][aria-selected="true"]').first();
  if ((await chosen.count()) === 0) return [];
  await chosen.focus();
  await page.evaluate('globalThis.firstTab = document.activeElement');
  for (const key of ['ArrowRight', 'ArrowLeft']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(openMilliseconds);
    if (
      !(await page.evaluate<boolean>(`document.activeElement?.matches('[role="tab"][aria-selected="true"]') ?? false`))
    )
      return [`after ${key} the keyboard is not on the chosen tab`];
  }
  // by the tab itself, not by its words: they count what is there, and that moves
  const isBackThere = await page.evaluate<boolean>('document.activeElement === firstTab');
  return isBackThere ? [] : ['the arrow keys do not lead back to the first tab'];
}

/** Presses Enter on everything that can be pressed; what opens must take the keyboard, keep it, and give it back at Escape. */
async function pressAll(page: Page, pressed: string, reopen: () => Promise<void>): Promise<Omit<Walked, 'stops'>> {
  const faults: string[] = [];
  let opened = 0;
  const count = await page.locator(pressed).count();
  for (let place = 0; place < count; place++) {
    const control = page.locator(pressed).nth(place);
    if (!(await control.isVisible().catch(() => false))) continue;
    const before = page.url();
    await control.focus();
    const name = await page.evaluate<string>(`(${nameOf})(document.activeElement)`);
    await page.evaluate(
      `globalThis.opener = document.activeElement; opener.dataset.expandedBefore = opener.ariaExpanded ?? ''`,
    );
    await page.keyboard.press('Enter');
    await page.waitForTimeout(openMilliseconds);
    const failed = (await page.getByText('This page failed').count()) > 0;
    if (failed) faults.push(`“${name}” makes the page fail`);
    if (failed || new URL(page.url()).pathname !== new URL(before).pathname) {
      await reopen();
      continue;
    }
    const fault = await closeAgain(page);
    if (fault !== undefined) opened += 1;
    if (fault) faults.push(`“${name}” ${fault}`);
    if (page.url() !== before || (await page.locator('dialog[open]').count()) > 0) await reopen();
  }
  return { faults, opened };
}

/** What is wrong with what opened; undefined where nothing did, empty where nothing is. */
async function closeAgain(page: Page): Promise<string | undefined> {
  if ((await page.locator('dialog[open]').count()) > 0) {
    for (let step = 0; step < 4; step++) {
      if (!(await page.evaluate<boolean>(insideDialog))) return 'opens a dialog that does not hold the keyboard';
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Escape');
    await page.waitForTimeout(openMilliseconds);
    if ((await page.locator('dialog[open]').count()) > 0) return 'opens a dialog that Escape does not close';
    return (await isBack(page)) ? '' : 'opens a dialog that does not give the keyboard back';
  }
  if (!(await page.evaluate<boolean>(`opener.ariaExpanded === 'true' && opener.dataset.expandedBefore === 'false'`)))
    return undefined;
  const isMenu = await page.evaluate<boolean>(`opener.closest('.menu') !== null`);
  await page.keyboard.press(isMenu ? 'Escape' : 'Enter');
  await page.waitForTimeout(openMilliseconds);
  if (await page.evaluate<boolean>(`opener.isConnected && opener.ariaExpanded === 'true'`))
    return 'does not close again';
  return (await isBack(page)) ? '' : 'does not give the keyboard back';
}

/** On what opened it; where that is gone, at least not at the beginning of the page. */
function isBack(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    `opener.isConnected ? document.activeElement === opener : document.activeElement !== document.body`,
  );
}

/** A dialog may let the keyboard go to the browser's own bar, never to the page behind it. */
const insideDialog = `document.activeElement === document.body || document.activeElement.closest('dialog[open]') !== null`;

const nameOf = `(element) => (element.ariaLabel || element.labels?.[0]?.innerText || element.innerText || element.title || element.tagName)
  .trim().replaceAll(/\\s+/g, ' ').slice(0, 60)`;

/** What can be used in a part of the page, in the order of the document: of a group that arrow keys go through, the one that Tab leads to. */
const controls = (part: string) => `[...document.querySelectorAll(${JSON.stringify(`${part} ${everything}`)})]
  .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0)
  .filter((element) => element.type !== 'radio' || element.checked || !document.querySelector('input[name="' + element.name + '"]:checked'))`;

/** What the keyboard changes about a control or what it lies in. */
const look = `(element) => [element, element.parentElement].map((one) => {
  const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(one);
  return [outlineStyle === 'none' ? '' : outlineStyle + outlineWidth + outlineColor, boxShadow, borderColor, backgroundColor].join();
}).join()`;

/** The stop, with whether it lies in sight and looks different from before; what came since then must have an outline. */
const readStop = (part: string) => `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const inSight = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const before = globalThis.plain.get(element);
  const differs = before === undefined ? getComputedStyle(element).outlineStyle !== 'none' : (${look})(element) !== before;
  return {
    place: (${controls(part)}).indexOf(element),
    name: (${nameOf})(element),
    seen: inSight && differs,
    within: element.closest(${JSON.stringify(part)}) !== null,
  };
})()`;

/** What looks as if it could be pressed and is reached by no key. */
const mouseOnly = `[...document.querySelectorAll('main *')]
  .filter((element) => getComputedStyle(element).cursor === 'pointer' && element.closest('a, button, input, select, textarea, label, summary, [tabindex]:not(main), [role="option"]') === null)
  .map((element) => 'only a mouse can press “' + (${nameOf})(element) + '”')`;
