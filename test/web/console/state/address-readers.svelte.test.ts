// What is read for a page is read once: a letter typed into a search that stands in the address reads nothing of it anew.
import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { ContainerPage } from '../../../../web/console/state/container.svelte.ts';
import { DeploymentPage } from '../../../../web/console/state/deployment.svelte.ts';
import { fakePorts } from '../ports.ts';

/** How often an effect that reads so runs while the address changes: once at first, then after each change that it must know of. */
function runsOf(app: App, read: () => unknown, changes: readonly Record<string, string | undefined>[]): number {
  let runs = 0;
  const stop = $effect.root(() => {
    $effect(() => {
      runs += 1;
      read();
    });
  });
  flushSync();
  for (const change of changes) {
    app.router.setQuery(change);
    flushSync();
  }
  stop();
  return runs;
}

const appAt = (address: string) => new App(fakePorts(undefined, address));
const letters = ['e', 'er', 'err'].map((q) => ({ q }));

describe('a search in the address begins nothing anew', () => {
  test.each([
    { of: 'a deployment', open: (app: App) => new DeploymentPage(app, 'e1', 'shop') },
    { of: 'a container', open: (app: App) => new ContainerPage(app, 'c1') },
  ])('that is read for a tab of $of; another tab does', ({ open }) => {
    const app = appAt('/here?tab=log');
    const page = open(app);
    expect(runsOf(app, () => page.tab, letters)).toBe(1);
    expect(runsOf(app, () => page.tab, [...letters, { tab: undefined }])).toBe(2);
  });

  test.each(['words', 'paused', 'stepSeconds', 'seconds', 'relative', 'fixed'] as const)(
    'that is read for the time: %s; another time does',
    (part) => {
      const app = appAt('/gpus?from=1000&to=500000');
      expect(runsOf(app, () => app.time[part], letters)).toBe(1);
      expect(runsOf(app, () => app.time[part], [{ from: undefined, to: undefined }])).toBe(2);
    },
  );
});
