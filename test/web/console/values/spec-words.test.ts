// A specification as lines: everything that is set has one, and no value of the environment is in them.
import { expect, test } from 'vitest';
import { changedNames, describeSpec } from '../../../../web/console/values/spec-words.ts';

const spec = {
  image: 'shop:1.4',
  env: { TOKEN: 'hunter2', LEVEL: 'info' },
  limits: { memoryMegabytes: 512, cpus: 0.5 },
  hosts: ['shop.example', 'www.shop.example'],
  volumes: [{ name: 'vol-data', path: '/data', readOnly: true }],
  secrets: [],
  user: undefined,
  init: true,
};

test('one line for each thing that is set', () => {
  expect(describeSpec(spec).split('\n')).toEqual([
    'image: shop:1.4',
    'env LEVEL',
    'env TOKEN',
    'limits.memoryMegabytes: 512',
    'limits.cpus: 0.5',
    'hosts: shop.example www.shop.example',
    'volumes: name vol-data, path /data, readOnly true',
    'init: true',
  ]);
});

test('another value of a variable shows as a change, and the value does not', () => {
  const changed = changedNames({ TOKEN: 'old', GONE: 'x', LEVEL: 'info' }, spec.env);
  expect([...changed]).toEqual(['TOKEN']);
  expect(describeSpec(spec, changed)).toContain('env TOKEN: another value');
  expect(describeSpec(spec, changed)).not.toContain('hunter2');
});
