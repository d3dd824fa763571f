// A browser whose clock is wrong: ages and spans are the server's.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { inServerTime } from '../../../../web/console/state/server-time.ts';
import { type FakePorts, fakePorts } from '../ports.ts';

/** A server whose clock is ahead of the browser's by so much, and whose answers take so long. */
function skewed(ahead: () => number, waySeconds = 0): { browser: FakePorts; ports: ReturnType<typeof inServerTime> } {
  const date = () => new Date((browser.unixSeconds() + ahead()) * 1000).toUTCString();
  const browser: FakePorts = fakePorts(() => ({ body: {}, headers: { date: date() } }));
  const slow = async (path: string, init: RequestInit) => {
    await new Promise<void>((done) => void browser.after(waySeconds, done));
    return browser.fetch(path, init);
  };
  return { browser, ports: inServerTime({ ...browser, fetch: waySeconds === 0 ? browser.fetch : slow }) };
}

describe('the clock', () => {
  test.each([
    { given: 'ten minutes behind the server', ahead: 600, shown: 600 },
    { given: 'ten minutes before it', ahead: -600, shown: -600 },
    { given: 'a second off, as far as a whole second can tell', ahead: 1, shown: 0 },
    { given: 'right', ahead: 0, shown: 0 },
  ])('of a browser that is $given', async ({ ahead, shown }) => {
    const { browser, ports } = skewed(() => ahead);
    await ports.fetch('/api/v1/session', {});
    expect(Math.abs(ports.unixSeconds() - browser.unixSeconds() - shown)).toBeLessThanOrEqual(1);
  });

  test('stays where it is between answers, and follows when one of the two is set right', async () => {
    let ahead = 600;
    const { browser, ports } = skewed(() => ahead);
    const off = async () => {
      await ports.fetch('/api/v1/session', {});
      return ports.unixSeconds() - browser.unixSeconds();
    };
    const first = await off();
    await browser.pass(0.4);
    expect(await off()).toBe(first);
    ahead = 0;
    expect(Math.abs(await off())).toBeLessThanOrEqual(1);
  });

  test('is not set by an answer that took its time, nor by one that says none', async () => {
    const { browser, ports } = skewed(() => 600, 10);
    const asked = ports.fetch('/api/v1/session', {});
    await browser.pass(11);
    await asked;
    expect(ports.unixSeconds()).toBe(browser.unixSeconds());
    const silent = fakePorts(() => ({ body: {} }));
    const same = inServerTime(silent);
    await same.fetch('/api/v1/session', {});
    expect(same.unixSeconds()).toBe(silent.unixSeconds());
  });
});

test('the console asks for the last hour of the server, and data that has just come is new', async () => {
  const { browser } = skewed(() => 600);
  const app = new App(browser);
  const stop = app.begin();
  const query = app.query('x', () => app.api.get('/x'));
  await query.refresh();
  await browser.pass(1);
  expect(Math.abs(app.time.span().end - browser.unixSeconds() - 600)).toBeLessThanOrEqual(1);
  expect(Math.abs(app.now - query.at!)).toBeLessThanOrEqual(2);
  stop();
});
