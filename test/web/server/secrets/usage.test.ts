// Who mounts which version, and who still has one before it: services by what they name, tasks by what they run with.
import { expect, test } from 'vitest';
import type { Service, Task } from '../../../../web/server/engine/objects.ts';
import { stillBefore, usesOf } from '../../../../web/server/secrets/usage.ts';

const e1 = '0'.repeat(16);
const secret = { environment: e1, name: 'db', version: 2 };

const service = (name: string, ...secrets: string[]): Service =>
  ({
    ID: `id-${name}`,
    Spec: {
      Name: name,
      Labels: { odyssey_deployment: name.split('-')[0], odyssey_revision: name.split('-')[1] },
      TaskTemplate: { ContainerSpec: { Secrets: secrets.map((SecretName) => ({ SecretName })) } },
    },
  }) as unknown as Service;
const task = (of: string, state: string, ...secrets: string[]): Task =>
  ({
    ServiceID: `id-${of}`,
    Status: { State: state },
    Spec: { ContainerSpec: { Secrets: secrets.length === 0 ? null : secrets.map((SecretName) => ({ SecretName })) } },
  }) as unknown as Task;

test('uses are read from the names, and what is no secret of ours is none', () => {
  expect(usesOf([service('shop-r2', `${e1}-db-1`, 'foreign-1', `${e1}-my-key-12`), service('web-r1')])).toEqual([
    { environment: e1, name: 'db', version: 1, deployment: 'shop', revision: 'r2' },
    { environment: e1, name: 'my-key', version: 12, deployment: 'shop', revision: 'r2' },
  ]);
});

test.each([
  {
    given: 'everybody moved',
    services: [service('a-r1', `${e1}-db-2`)],
    tasks: [task('a-r1', 'running', `${e1}-db-2`)],
    left: [],
  },
  { given: 'a service that names the old one', services: [service('a-r1', `${e1}-db-1`)], tasks: [], left: ['a-r1'] },
  {
    given: 'a task that still runs with it',
    services: [service('a-r1', `${e1}-db-2`)],
    tasks: [task('a-r1', 'running', `${e1}-db-1`)],
    left: ['a-r1'],
  },
  {
    given: 'one that is about to',
    services: [service('a-r1', `${e1}-db-2`)],
    tasks: [task('a-r1', 'preparing', `${e1}-db-1`)],
    left: ['a-r1'],
  },
  {
    given: 'one that ended with it',
    services: [service('a-r1', `${e1}-db-2`)],
    tasks: [task('a-r1', 'shutdown', `${e1}-db-1`), task('gone-r1', 'running', `${e1}-db-1`)],
    left: [],
  },
  {
    given: 'a warm revision',
    services: [service('a-r2', `${e1}-db-2`), service('a-r1', `${e1}-db-1`)],
    tasks: [],
    left: ['a-r1'],
  },
  {
    given: 'the same name in another environment',
    services: [service('a-r1', `${'1'.repeat(16)}-db-1`)],
    tasks: [task('a-r1', 'running')],
    left: [],
  },
])('$given', ({ services, tasks, left }) => expect(stillBefore(secret, services, tasks)).toEqual(left));
