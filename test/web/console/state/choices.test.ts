// What a person chose: the time looked at, the environment, the look; toasts and the palette.
import { describe, expect, test } from 'vitest';
import { findPage, type Page } from '../../../../web/console/pages/page.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { rank } from '../../../../web/console/state/palette.ts';
import { Router } from '../../../../web/console/state/router.svelte.ts';
import { Taste } from '../../../../web/console/state/taste.svelte.ts';
import { TimeRange } from '../../../../web/console/state/time-range.svelte.ts';
import { Toasts } from '../../../../web/console/state/toasts.svelte.ts';
import { fakePorts, fakeServer } from '../ports.ts';

function timeAt(address: string) {
  const ports = fakePorts(undefined, address);
  const router = new Router(ports.address);
  router.listen();
  return { ports, router, time: new TimeRange(router, ports) };
}

describe('time', () => {
  test.each([
    { address: '/', relative: '1h', seconds: 3_600, paused: false, step: 15 },
    { address: '/?range=7d', relative: '7d', seconds: 604_800, paused: false, step: 2_520 },
    { address: '/?range=7y', relative: '1h', seconds: 3_600, paused: false, step: 15 },
    { address: '/?from=1000&to=2000', relative: undefined, seconds: 1_000, paused: true, step: 15 },
    { address: '/?from=2000&to=1000', relative: '1h', seconds: 3_600, paused: false, step: 15 },
    { address: '/?from=x&to=', relative: '1h', seconds: 3_600, paused: false, step: 15 },
    { address: '/?from=1000&to=Infinity', relative: '1h', seconds: 3_600, paused: false, step: 15 },
    { address: '/?from=1000&to=1e20', relative: '1h', seconds: 3_600, paused: false, step: 15 },
    { address: '/?paused=1', relative: '1h', seconds: 3_600, paused: true, step: 15 },
  ])('$address', ({ address, relative, seconds, paused, step }) => {
    const { time } = timeAt(address);
    expect([time.relative, time.seconds, time.paused, time.stepSeconds]).toEqual([relative, seconds, paused, step]);
  });

  test('a span that is drawn can be undone in two ways', () => {
    const { ports, time } = timeAt('/?range=6h');
    time.zoom({ start: 1_000, end: 1_010 });
    expect(time.span()).toEqual({ start: 975, end: 1_035 });
    ports.back();
    expect(time.relative).toBe('6h');
    time.zoom({ start: 1_000, end: 5_000 });
    time.unzoom();
    expect(time.fixed).toBeUndefined();
  });

  test('going on live leaves the past', () => {
    const { router, time } = timeAt('/?from=1000&to=2000');
    time.setPaused(false);
    expect(router.query).toEqual({});
    time.setPaused(true);
    expect(time.paused).toBe(true);
    time.choose('24h');
    expect(router.query).toEqual({ paused: '1', range: '24h' });
  });
});

test('the environment is that of the address, then the one looked at last, then the first', async () => {
  const items = ['aa', 'bb', 'cc'].map((id) => ({ id, name: id, colour: 'grey', archived: id === 'cc', created: 0 }));
  const ports = fakePorts(fakeServer({ 'GET /environments': { body: { items } } }), '/?env=cc');
  const app = new App(ports);
  expect(app.environments.current).toBeUndefined();
  await app.environments.query.refresh();
  expect(app.environments.current?.id).toBe('aa'); // the archived one is not looked at
  app.environments.choose('bb');
  expect([app.environments.current?.id, app.router.query['env']]).toEqual(['bb', 'bb']);
  app.router.setQuery({ env: undefined });
  expect(app.environments.current?.id).toBe('bb');
});

test('an environment that another tab goes over to does not move this one', async () => {
  const ports = fakePorts(fakeServer({ 'GET /environments': { body: { items: ['aa', 'bb'].map((id) => ({ id })) } } }));
  const [here, there] = [new App(ports), new App(ports)];
  await Promise.all([here, there].map((app) => app.environments.query.refresh()));
  here.environments.choose('aa');
  here.router.setQuery({ env: undefined });
  there.environments.choose('bb');
  expect([here.environments.current?.id, there.environments.current?.id]).toEqual(['aa', 'bb']);
});

test('the look is kept, and what makes no sense is the default', () => {
  const { storage } = fakePorts();
  const taste = new Taste(storage);
  taste.setTheme('dark');
  taste.setDensity('comfortable');
  taste.setNarrowRail(true);
  const again = new Taste(storage);
  expect([again.theme, again.density, again.narrowRail]).toEqual(['dark', 'comfortable', true]);
  again.setTheme('system');
  storage.write('odyssey-density', 'tight');
  expect([new Taste(storage).theme, new Taste(storage).density]).toEqual(['system', 'dense']);
});

test('toasts: what was done goes by itself, what failed stays, four at most', async () => {
  const ports = fakePorts();
  const toasts = new Toasts(ports);
  toasts.failed('no', 'r-1');
  for (const text of ['a', 'b', 'c']) toasts.done(text);
  await ports.pass(6);
  expect(toasts.shown.map(({ text }) => text)).toEqual(['no']);
  toasts.close(toasts.shown[0]!.id);
  for (const text of '123456') toasts.failed(text);
  expect(toasts.shown.map(({ text }) => text)).toEqual(['3', '4', '5', '6']);
});

describe('palette', () => {
  const choices = ['Overview', 'Container logs', 'Logs', 'Catalogue'].map((title) => ({
    title,
    hint: 'Watch',
    act: () => {},
  }));
  test.each([
    { asked: '', found: ['Overview', 'Container logs', 'Logs', 'Catalogue'] },
    { asked: 'log', found: ['Logs', 'Container logs', 'Catalogue'] },
    { asked: 'LOG con', found: ['Container logs'] },
    { asked: 'watch over', found: ['Overview'] },
    { asked: 'zzz', found: [] },
  ])('“$asked”', ({ asked, found }) => {
    expect(rank(choices, asked).map(({ title }) => title)).toEqual(found);
  });
});

test('the first page that fits is the page', () => {
  const page = (path: string): Page => ({ path, title: path, load: () => Promise.reject(new Error('not here')) });
  const pages = [page('/'), page('/containers'), page('/containers/:name')];
  expect(findPage(pages, '/containers/api')?.params).toEqual({ name: 'api' });
  expect(findPage(pages, '/containers')?.page.title).toBe('/containers');
  expect(findPage(pages, '/nowhere')).toBeUndefined();
});
