// Secrets under all that can go wrong: a new version that does not come up, a stop at any step, users that are busy, and prying.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDb } from '../../../../web/server/db.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { SecretService } from '../../../../web/server/secrets/service.ts';
import { type SecretWorld, secretWorld } from '../../../fakes/secret-world.ts';

const at = 'e'.repeat(16);
const actor = { kind: 'person' as const, id: 'p1', person: 'p1' };
let folder: string;
let db: ReturnType<typeof openDb>;
let world: SecretWorld;
let secrets: SecretService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  db = openDb(join(folder, 'odyssey.db'), controlMigrations);
  db.run("INSERT INTO environments (id, name, colour, created) VALUES (?, 'one', 'grey', 1)", at);
  world = secretWorld(db, at);
  secrets = new SecretService(world.ports);
  await secrets.create(at, 'db', { text: 'value-one' }, ['shop']);
  world.services.set('shop-r1', `${at}-db-1`);
});
afterEach(async () => {
  await secrets.close();
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Lets the rotation run to its end. */
async function ended(service = secrets) {
  for (let tries = 0; tries < 200; tries++) {
    const { rotation } = await service.get(at, 'db');
    if (rotation !== null && rotation.ended !== null) return rotation;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it does not end');
}

test('the value is in the store and nowhere else', async () => {
  await secrets.rotate(actor, at, 'db', { text: 'value-two' });
  await ended();
  expect([...world.values.values()]).toEqual([btoa('value-one'), btoa('value-two')]);
  const seen = [
    JSON.stringify(await secrets.list(at)),
    JSON.stringify(world.audited),
    ...['odyssey.db', 'odyssey.db-wal'].map((name) => readFileSync(join(folder, name), 'latin1')),
  ].join();
  for (const value of ['value-one', 'value-two', btoa('value-one'), btoa('value-two')])
    expect(seen).not.toContain(value);
});

test('a rotation moves every user, then the version before goes', async () => {
  world.services.set('shop-r2', `${at}-db-1`);
  world.busy.times = 3;
  expect((await secrets.rotate(actor, at, 'db', { text: 'two' })).rotation).toMatchObject({
    from: 1,
    to: 2,
    ended: null,
  });
  expect(await ended()).toMatchObject({ phase: 'done', moved: ['shop'], reason: null });
  expect([...world.services.values()]).toEqual([`${at}-db-2`, `${at}-db-2`]);
  expect(world.stored.map(({ version }) => version)).toEqual([2]);
  expect(world.audited.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['secret:move', undefined],
    ['secret:move', 'done'],
  ]);
});

test('a new version that does not come up is taken back, and the old one was never gone', async () => {
  world.failing.set('shop', 'unhealthy');
  await secrets.rotate(actor, at, 'db', { text: 'two' });
  expect(await ended()).toMatchObject({ phase: 'failed', reason: expect.stringContaining('unhealthy') });
  expect(world.services.get('shop-r1')).toBe(`${at}-db-1`);
  expect((await secrets.get(at, 'db')).versions).toMatchObject([
    { version: 1, state: 'current', usedBy: [{ deployment: 'shop' }] },
  ]);
  world.failing.clear();
  await secrets.rotate(actor, at, 'db', { text: 'three' });
  expect(await ended()).toMatchObject({ phase: 'done', to: 3 });
});

test('one service that never follows keeps the old version, and is named', async () => {
  world.services.set('shop-r2', `${at}-db-1`);
  world.stuck.add('shop-r2');
  await secrets.rotate(actor, at, 'db', { text: 'two' });
  expect(await ended()).toMatchObject({ phase: 'failed', reason: expect.stringContaining('shop-r2') });
  expect(world.stored.map(({ version }) => version)).toContain(1);
});

test.each(['moving', 'removing'] as const)('stopped while %s, it goes on with the next start', async (phase) => {
  await world.ports.store.put({ environment: at, name: 'db', version: 2, base64: 'eA==' });
  const row = { environment: at, name: 'db', from: 1, to: 2, started: 1, ended: null, moved: [], reason: null, actor };
  world.table.saveRotation({ ...row, phase });
  if (phase === 'removing') {
    world.table.setCurrent(at, 'db', 2);
    world.services.set('shop-r1', `${at}-db-2`);
  }
  await secrets.resume();
  expect(await ended()).toMatchObject({ phase: 'done' });
  expect(world.stored.map(({ version }) => version)).toEqual([2]);
});

test.each([
  { given: 'stored already', put: true, phase: 'done' },
  { given: 'not stored yet', put: false, phase: 'failed' },
])('stopped while creating, the value $given: $phase', async ({ put, phase }) => {
  if (put) await world.ports.store.put({ environment: at, name: 'db', version: 2, base64: 'eA==' });
  const row = { environment: at, name: 'db', from: 1, to: 2, started: 1, ended: null, moved: [], reason: null, actor };
  world.table.saveRotation({ ...row, phase: 'creating' });
  await secrets.resume();
  expect(await ended()).toMatchObject({ phase });
  expect(world.services.get('shop-r1')).toBe(`${at}-db-${put ? 2 : 1}`);
});

const use = { name: 'db', uid: 0, gid: 0, mode: 0o444 };

test.each([
  { given: 'one that it may have', deployment: 'shop', name: 'db', kind: 'references' },
  { given: 'one of somebody else', deployment: 'thief', name: 'db', kind: 'refused' },
  { given: 'one that is not there', deployment: 'shop', name: 'none', kind: 'refused' },
])('a deployment asks for $given', async ({ deployment, name, kind }) => {
  const answer = await secrets.references(at, deployment, [{ ...use, name }]);
  expect(answer.kind).toBe(kind);
  if (answer.kind === 'references')
    expect(answer.references).toEqual([
      { SecretID: `id-${at}-db-1`, SecretName: `${at}-db-1`, File: { Name: 'db', UID: '0', GID: '0', Mode: 0o444 } },
    ]);
});

test('what is mounted is neither removed nor taken from who mounts it', async () => {
  await expect(secrets.remove(at, 'db')).rejects.toMatchObject({ status: 409, kind: 'in-use' });
  await expect(secrets.setDeployments(at, 'db', ['web'])).rejects.toMatchObject({ status: 409, kind: 'in-use' });
  world.services.clear();
  expect((await secrets.setDeployments(at, 'db', ['web'])).deployments).toEqual(['web']);
  await secrets.remove(at, 'db');
  expect([await secrets.list(at), world.stored]).toEqual([[], []]);
});

test('what a crash left of a first try does not stand in the way', async () => {
  await world.ports.store.put({ environment: at, name: 'key', version: 1, base64: 'eA==' });
  await secrets.create(at, 'key', { text: 'y' }, []);
  expect(world.values.get(`${at}-key-1`)).toBe(btoa('y'));
  await expect(secrets.create(at, 'key', { text: 'z' }, [])).rejects.toMatchObject({ status: 409 });
  await expect(secrets.create('f'.repeat(16), 'key', { text: 'z' }, [])).rejects.toMatchObject({ kind: 'archived' });
});

test('of two who rotate at the same moment one is refused', async () => {
  const both = await Promise.allSettled(['two', 'three'].map((text) => secrets.rotate(actor, at, 'db', { text })));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ kind: 'rotating' });
  expect(await ended()).toMatchObject({ phase: 'done', to: 2 });
});
