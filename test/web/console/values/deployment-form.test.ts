// The form and the specification: what is read back is what was there, what has no field stays, an update sends only what differs.
import { describe, expect, test } from 'vitest';
import { revisionChange, revisionSpec } from '../../../../core/contracts/deployment-spec.ts';
import {
  changeOf,
  emptyFields,
  type Fields,
  fieldsOf,
  readFields,
} from '../../../../web/console/values/deployment-form.ts';

const settings = { name: 'shop', replicas: 3, hosts: ['shop.example'] };
const spec = revisionSpec.parse({
  image: 'registry.example/shop:1.4',
  args: ['--greeting', 'good day'],
  env: { LEVEL: 'info', CERT: 'line one\nline two', QUOTED: '"as it is"', EMPTY: '' },
  port: 8080,
  healthCheck: { command: ['curl', '-f', 'http://localhost:8080'], retries: 7 },
  limits: { memoryMegabytes: 256, cpus: 1.5, processes: 200 },
  secrets: [{ name: 'db', file: 'password', uid: 1000, mode: 0o400 }],
  volumes: [{ name: 'vol-data', path: '/data', readOnly: true }],
  rollout: { parallelism: 2, monitorSeconds: 9, deadlineSeconds: 60 },
});
const fields = fieldsOf(spec, settings);
const changed = (change: Partial<Fields>) => changeOf(readFields({ ...fields, ...change }, spec).spec, spec);

describe('an update', () => {
  test('of nothing changes nothing, fields without a place in the form included', () => {
    expect(changed({})).toEqual({});
  });

  test.each([
    { given: 'another image', change: { image: 'shop:1.5' }, sends: { image: 'shop:1.5' } },
    { given: 'no port any more', change: { port: '' }, sends: { port: null } },
    { given: 'no health check any more', change: { check: '' }, sends: { healthCheck: null } },
    {
      given: 'more memory: the limit of processes stays',
      change: { memoryMegabytes: '512' },
      sends: { limits: { memoryMegabytes: 512, cpus: 1.5, processes: 200 } },
    },
    {
      given: 'another file for a secret: its owner and mode stay',
      change: { secrets: 'db:pass' },
      sends: { secrets: [{ name: 'db', file: 'pass', uid: 1000, gid: 0, mode: 0o400 }] },
    },
    { given: 'other replicas: that is scaling', change: { replicas: '5', hosts: 'other.example' }, sends: {} },
  ])('$given', ({ change, sends }) => {
    expect(changed(change)).toEqual(sends);
    expect(revisionChange.safeParse(changed(change)).success).toBe(true);
  });
});

describe('what is wrong is told at its field', () => {
  test.each<[Partial<Fields>, keyof Fields, RegExp]>([
    [{ image: ' ' }, 'image', /image is needed/],
    [{ memoryMegabytes: 'much' }, 'memoryMegabytes', /number/],
    [{ replicas: '1.5' }, 'replicas', /number/],
    [{ env: 'LEVEL' }, 'env', /NAME=value/],
    [{ env: 'A=1\nA=2' }, 'env', /twice/],
    [{ env: 'A="open' }, 'env', /does not close/],
    [{ check: "sh -c 'x" }, 'check', /never closed/],
    [{ volumes: 'vol-data' }, 'volumes', /vol-name/],
  ])('%j', (change, field, says) => {
    const { problems } = readFields({ ...emptyFields, image: 'shop:1', ...change });
    expect(Object.keys(problems)).toEqual([field]);
    expect(problems[field]).toMatch(says);
  });

  test('nothing is wrong with what the server takes', () => {
    const read = readFields({ ...emptyFields, name: 'shop', image: 'shop:1', hosts: 'a.example, b.example' });
    expect(read.problems).toEqual({});
    expect(read.spec).toMatchObject({ name: 'shop', replicas: 1, hosts: ['a.example', 'b.example'] });
    expect(read.spec.port).toBeUndefined();
  });
});
