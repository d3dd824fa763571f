// What is read for a page is read once: a letter typed into a search that stands in the address reads nothing of it anew.
import { flushSync } from 'svelte';
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { ContainerPage } from '../../../../web/console/state/container.svelte.ts';
import { DeploymentPage } from '../../../../web/console/state/deployment.svelte.ts';
import { fakePorts } from '../ports.ts';

type Stop = (() => void) | undefined;

/** How often an effect that does so runs while other parts of the address change. */
function runsOf(app: App, follow: () => Stop): number {
  let runs = 0;
  const stop = $effect.root(() => {
    $effect(() => {
      runs += 1;
      return follow();
    });
  });
  flushSync();
  for (const q of ['e', 'er', 'err']) {
    app.router.setQuery({ q });
    flushSync();
  }
  stop();
  return runs;
}

const appAt = (address: string) => new App(fakePorts(undefined, address));

describe('a search in the address opens nothing anew', () => {
  test('of the log of a deployment', () => {
    const app = appAt('/deployments/shop?tab=log');
    const page = new DeploymentPage(app, 'e1', 'shop');
    expect(runsOf(app, () => page.followTab(() => true))).toBe(1);
  });

  test('of the log of a container', () => {
    const app = appAt('/containers/c1?tab=log');
    const page = new ContainerPage(app, 'c1');
    expect(runsOf(app, () => (page.tab === 'log' ? page.openLog() : undefined))).toBe(1);
  });

  test.each(['words', 'paused', 'stepSeconds', 'seconds', 'relative', 'fixed'] as const)(
    'of what waits for the time: %s',
    (part) => {
      const app = appAt('/gpus?from=1000&to=5000');
      expect(runsOf(app, () => void app.time[part])).toBe(1);
    },
  );
});

test('another tab is another log', () => {
  const app = appAt('/deployments/shop?tab=log');
  const page = new DeploymentPage(app, 'e1', 'shop');
  const { streams } = app.ports as ReturnType<typeof fakePorts>;
  const stop = $effect.root(() => {
    $effect(() => page.followTab(() => true));
  });
  flushSync();
  expect(streams.size).toBe(1);
  app.router.setQuery({ tab: 'settings' });
  flushSync();
  expect(streams.size).toBe(0);
  stop();
});
