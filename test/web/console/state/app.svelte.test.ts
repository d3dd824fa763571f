// What the whole console knows: pages tell it in effects, which end.
import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { fakePorts } from '../ports.ts';

test('a page that says in an effect what it knows says it once, and again when that changes', () => {
  const app = new App(fakePorts());
  let names = $state.raw(['web']);
  let said = 0;
  const stop = $effect.root(() => {
    $effect(() => {
      said += 1;
      app.know(
        'containers',
        names.map((title) => ({ title, hint: 'container', href: '/' })),
      );
    });
  });
  flushSync();
  app.know('nodes', [{ title: 'orion', hint: 'node', href: '/nodes' }]);
  flushSync();
  expect([said, app.entities.map(({ title }) => title)]).toEqual([1, ['web', 'orion']]);
  names = ['db'];
  flushSync();
  expect([said, app.entities.map(({ title }) => title)]).toEqual([2, ['db', 'orion']]);
  stop();
});
