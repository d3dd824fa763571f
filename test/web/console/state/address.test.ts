// Addresses: pages are found by their pattern, state lives in the query, and what is sticky goes along.
import { describe, expect, test } from 'vitest';
import { fillPath, formatAddress, matchPath, readAddress } from '../../../../web/console/state/match.ts';
import { Router } from '../../../../web/console/state/router.svelte.ts';
import { fakePorts } from '../ports.ts';

test.each([
  { pattern: '/', path: '/', params: {} },
  { pattern: '/containers', path: '/containers', params: {} },
  { pattern: '/containers', path: '/containers/a', params: undefined },
  { pattern: '/containers/:instance/:name', path: '/containers/h1/api%2F7', params: { instance: 'h1', name: 'api/7' } },
  { pattern: '/containers/:instance/:name', path: '/containers/h1/', params: undefined },
  { pattern: '/containers/:name', path: '/containers/%E0%A4', params: undefined },
])('$path as $pattern', ({ pattern, path, params }) => {
  expect(matchPath(pattern, path)).toEqual(params);
});

test('a path that is filled in is found again, whatever the name', () => {
  const name = 'a/b c?d#e%<bdi>';
  expect(matchPath('/x/:name', fillPath('/x/:name', { name }))).toEqual({ name });
  expect(() => fillPath('/x/:name', {})).toThrow('needs name');
});

test('addresses are read and written the same', () => {
  const address = { path: '/logs', query: { q: 'a&b=c', follow: '1' } };
  expect(readAddress(formatAddress(address))).toEqual(address);
  expect(readAddress('/logs/').path).toBe('/logs');
});

describe('router', () => {
  test('what is sticky goes along, what belongs to a page stays there', () => {
    const ports = fakePorts(undefined, '/anomalies?range=6h&env=e1&t.sort=-score');
    const router = new Router(ports.address);
    router.go('/containers?tab=logs');
    expect(router.path).toBe('/containers');
    expect(router.query).toEqual({ range: '6h', env: 'e1', tab: 'logs' });
    expect(ports.visited).toEqual(['/anomalies?range=6h&env=e1&t.sort=-score', '/containers?range=6h&env=e1&tab=logs']);
    expect(router.href('/?range=1h')).toBe('/?range=1h&env=e1');
  });

  test('small changes replace, great ones can be undone', () => {
    const ports = fakePorts(undefined, '/logs');
    const router = new Router(ports.address);
    router.listen();
    router.setQuery({ q: 'err' });
    router.setQuery({ q: 'error' });
    router.setQuery({ from: '1', to: '100' }, { push: true });
    expect(ports.visited).toEqual(['/logs?q=error', '/logs?q=error&from=1&to=100']);
    ports.back();
    expect(router.query).toEqual({ q: 'error' });
    router.setQuery({ q: '' });
    expect(router.query).toEqual({});
  });
});
