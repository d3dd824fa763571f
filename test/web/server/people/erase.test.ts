// G5, bar 37: after a person was erased no file of the appliance holds their name, their address or their browser, and the log verifies.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPlane, password, type TestPlane } from '../plane.ts';

const name = 'Wilhelmina-Unmistakable';
const agent = 'Unmistakable-Browser/7';

let it: TestPlane;
beforeEach(async () => {
  it = await openPlane();
});
afterEach(() => it.close());

/** Files of the data folder that hold the text. */
function holding(text: string): string[] {
  const files = readdirSync(it.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name: file }) => join(parentPath, file));
  return paths.filter((path) => readFileSync(path).includes(text)).map((path) => path.slice(it.folder.length + 1));
}

/** A person with sessions, an API token and records of their own. */
async function busyPerson(): Promise<string> {
  const caller = await it.person(name, [{ environment: '*', role: 'developer' }]);
  for (let i = 0; i < 3; i++)
    await it.caller().call('POST', '/session', { name, password }, { 'user-agent': `${agent} ${i}` });
  await caller.call('POST', '/me/tokens', { name: 'their token', permissions: ['watch:read'], days: 1 });
  await it.admin.call('PUT', `/people/${caller.id}/disabled`, { disabled: true });
  return caller.id;
}

test('nothing of the person is left in any file, write-ahead logs included', async () => {
  const id = await busyPerson();
  expect(holding(name)).not.toEqual([]);
  expect(holding(agent)).not.toEqual([]);
  const erased = await it.admin.call('DELETE', `/people/${id}`);
  expect(erased).toMatchObject({ status: 200, body: { swept: true } });
  expect(holding(name)).toEqual([]);
  expect(holding(agent)).toEqual([]);
  const [records, anchors] = [join(it.folder, 'export.jsonl'), join(it.folder, 'anchors.txt')];
  writeFileSync(records, (await it.admin.call('GET', '/audit/export')).text);
  writeFileSync(anchors, (await it.admin.call('GET', '/audit/checkpoints')).text);
  const verifier = join(import.meta.dirname, '../../../../web/server/audit/main.ts');
  const said = execFileSync(process.execPath, [verifier, 'verify', records, anchors], { encoding: 'utf8' });
  expect(JSON.parse(said)).toMatchObject({ kind: 'intact' });
}, 30_000);

test('where they signed in from is theirs, not a stranger’s, and goes with them', async () => {
  const id = await busyPerson();
  const { audit } = it.plane;
  const fields = () => audit.store.about(id, 1_000).map(({ field }) => field);
  const sources = fields().filter((field) => field === 'source').length;
  expect(sources).toBeGreaterThanOrEqual(5); // the invitation, three times signing in, the token
  const strangers = audit.store.about('anonymous', 1_000).length;
  await it.admin.call('DELETE', `/people/${id}`);
  expect(fields()).toEqual([]);
  expect(audit.store.about('anonymous', 1_000)).toHaveLength(strangers);
}, 30_000);

test('a reader that holds the files up is waited for, then told of, and the hourly clearing does the rest', async () => {
  const id = await busyPerson();
  const reader = new DatabaseSync(join(it.folder, 'control', 'odyssey.db'), { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM people').get();
  expect((await it.admin.call('DELETE', `/people/${id}`)).body).toMatchObject({ swept: false });
  reader.exec('COMMIT');
  reader.close();
  it.plane.purge();
  expect(holding(name)).toEqual([]);
}, 30_000);
