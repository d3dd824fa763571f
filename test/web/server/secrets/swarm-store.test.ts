// The swarm as a store of secrets: versions are told by their names, and what is put is read back.
import { expect, test } from 'vitest';
import { swarmSecretStore } from '../../../../web/server/secrets/swarm-store.ts';
import { swarmEngine } from '../../../fakes/swarm-engine.ts';

const [e1, e2] = ['1'.repeat(16), '2'.repeat(16)];

test('versions are put once, listed by environment and removed', async () => {
  const store = swarmSecretStore(swarmEngine().port);
  const put = await store.put({ environment: e1, name: 'db', version: 3, base64: 'eA==' });
  const stored = {
    environment: e1,
    name: 'db',
    version: 3,
    storedAs: `${e1}-db-3`,
    id: `id-${e1}-db-3`,
    created: Date.parse('2026-11-21T13:00:00Z') / 1000,
  };
  expect(put).toEqual({ ok: true, value: stored });
  expect(await store.put({ environment: e1, name: 'db', version: 3, base64: 'eQ==' })).toMatchObject({
    ok: false,
    failure: { kind: 'conflict' },
  });
  await store.put({ environment: e2, name: 'db', version: 1, base64: 'eA==' });
  expect(await store.list(e1)).toEqual({ ok: true, value: [stored] });
  expect(await store.list()).toMatchObject({ ok: true, value: [{ environment: e1 }, { environment: e2 }] });
  await store.remove({ environment: e1, name: 'db', version: 3 });
  expect(await store.list(e1)).toEqual({ ok: true, value: [] });
});

test('a secret of somebody else is none of ours', async () => {
  const engine = swarmEngine();
  await engine.port.secrets.create('foreign-1', { odyssey_environment: e1 }, '');
  expect(await swarmSecretStore(engine.port).list(e1)).toEqual({ ok: true, value: [] });
});

test('what is taken but not listed is not there', async () => {
  const { port } = swarmEngine();
  port.secrets.list = () => Promise.resolve({ ok: true, value: [] });
  const put = await swarmSecretStore(port).put({ environment: e1, name: 'db', version: 1, base64: 'eA==' });
  expect(put).toMatchObject({ ok: false, failure: { kind: 'failed' } });
});
