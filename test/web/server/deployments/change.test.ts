// What a change makes of a specification, what cannot run, and what people are warned of.
import { expect, test } from 'vitest';
import { changed, refuseSpec, warningsOf } from '../../../../web/server/deployments/change.ts';
import { spec } from './samples.ts';

test('what is given replaces, null takes away, the rest stays', () => {
  const before = spec({ env: { A: '1' }, healthPath: '/healthz', user: 'app' });
  expect(changed(before, { image: 'shop:2', healthPath: null })).toEqual({
    ...before,
    image: 'shop:2',
    healthPath: undefined,
  });
  expect(changed(before, { healthPath: null })).not.toHaveProperty('healthPath');
});

const volumes = [{ name: 'vol-data', path: '/data' }];
test.each([
  {
    given: 'a volume and two replicas',
    change: { volumes },
    settings: { replicas: 2, hosts: [] },
    says: /one replica/,
  },
  {
    given: 'hosts without a port',
    change: { port: undefined },
    settings: { replicas: 1, hosts: ['a.test'] },
    says: /port/,
  },
  {
    given: 'two mounts at one place',
    change: { volumes, memoryFolders: [{ path: '/data', megabytes: 1 }] },
    settings: { replicas: 1, hosts: [] },
    says: /\/data/,
  },
  {
    given: 'two secrets in one file',
    change: { secrets: [{ name: 'a', file: 'x' }, { name: 'x' }] },
    settings: { replicas: 1, hosts: [] },
    says: /file x/,
  },
  { given: 'what can run', change: { volumes }, settings: { replicas: 1, hosts: ['a.test'] }, says: undefined },
])('$given', ({ change, settings, says }) => {
  const reason = refuseSpec(spec(change), settings);
  if (says === undefined) expect(reason).toBeUndefined();
  else expect(reason).toMatch(says);
});

test('a missing health check is told, and one that is there is not', () => {
  expect(warningsOf(spec(), { replicas: 3 }).join()).toMatch(/health check/);
  expect(warningsOf(spec({ healthCheck: { command: ['/c'] } }), { replicas: 3 })).toEqual([]);
});
