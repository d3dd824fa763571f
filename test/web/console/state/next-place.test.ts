// Where signing in leads: to places of this server alone, to Grafana by loading it, and not round and round.
import { describe, expect, test } from 'vitest';
import { localPlace, takeNext } from '../../../../web/console/state/next-place.ts';
import { Router } from '../../../../web/console/state/router.svelte.ts';
import { fakePorts } from '../ports.ts';

test.each([
  ['/grafana/d/odyssey-node?from=now-1h', '/grafana/d/odyssey-node?from=now-1h'],
  ['/containers', '/containers'],
  ['//evil.example/grafana', undefined],
  ['/\\evil.example', undefined],
  ['/grafana/..//evil.example', undefined],
  ['/.//evil.example', undefined],
  ['https://evil.example/grafana/', undefined],
  ['javascript:alert(1)', undefined],
  ['/\t/evil.example', undefined],
  ['grafana', undefined],
  ['', undefined],
])('%s: %s', (asked, place) => {
  expect(localPlace(asked)).toBe(place);
});

describe('the place in the address', () => {
  const arriveAt = (next: string, ports = fakePorts()) => {
    ports.visited.push(`/?next=${encodeURIComponent(next)}`);
    const router = new Router(ports.address);
    return { ports, router, taken: takeNext(router, ports) };
  };

  test('is taken out of it, and Grafana is loaded', () => {
    const { ports, taken } = arriveAt('/grafana/d/x');
    expect([taken, ports.visited.at(-1)]).toEqual([{ load: '/grafana/d/x' }, '/']);
  });

  test('of the console is gone to', () => {
    expect(arriveAt('/alerts?range=6h').taken).toEqual({ go: '/alerts?range=6h' });
  });

  test('elsewhere, or of the API, is dropped', () => {
    expect([arriveAt('//evil.example').taken, arriveAt('/api/v1/session').taken]).toEqual([undefined, undefined]);
  });

  test('that sends back at once is not gone to again, later it is', async () => {
    const { ports } = arriveAt('/grafana/');
    expect(arriveAt('/grafana/', ports).taken).toBeUndefined();
    await ports.pass(60);
    expect(arriveAt('/grafana/', ports).taken).toEqual({ load: '/grafana/' });
  });

  test('that is not there is none', () => {
    const ports = fakePorts();
    expect(takeNext(new Router(ports.address), ports)).toBeUndefined();
  });
});
