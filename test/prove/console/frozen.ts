// How soon a page that is open tells that its server froze, and that it goes on.
import type { Browser } from 'playwright-core';
import { watchFrozen } from '../../e2e/journeys/frozen.ts';
import { barred, type Figure, told } from '../figure.ts';

const times = 5;

export async function proveFrozen(browser: Browser): Promise<Figure[]> {
  const each = await watchFrozen(browser, times);
  return [
    barred('a server that froze: told after', Math.max(...each.map(({ lostSeconds }) => lostSeconds)), '<=', 3, 's'),
    told('a server that goes on: told after', Math.max(...each.map(({ foundSeconds }) => foundSeconds)), 's'),
  ];
}
