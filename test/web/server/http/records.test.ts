// Bars 9 and 37 at the API: repeated calls, pages, what stands in the audit log of every change, erasure, and a log that cannot be written.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPlane, password, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

describe('a repeated POST', () => {
  test('is done once and answered the same', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const first = await it.admin.call('POST', '/environments', { name: 'once' }, key);
    const second = await it.admin.call('POST', '/environments', { name: 'once' }, key);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await it.admin.call('POST', '/environments', { name: 'once' })).status).toBe(409);
  });

  test('with the same key and another body is refused', async () => {
    const answer = await it.admin.call('POST', '/environments', { name: 'twice' }, { 'idempotency-key': 'k-1' });
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:odyssey:problem:key-reused' } });
  });

  test('of a secret is not repeated, and the secret is not kept', async () => {
    const body = { name: 'ci', permissions: ['audit:read'], days: 1 };
    const key = { 'idempotency-key': 'k-2' };
    expect((await it.admin.call('POST', '/me/tokens', body, key)).status).toBe(201);
    expect((await it.admin.call('POST', '/me/tokens', body, key)).status).toBe(409);
    expect((await it.admin.call('GET', '/me/tokens')).body.items).toHaveLength(1);
  });

  test('after a refusal may be corrected', async () => {
    const key = { 'idempotency-key': 'k-3' };
    expect((await it.admin.call('POST', '/environments', { name: 'default' }, key)).status).toBe(409);
    expect((await it.admin.call('POST', '/environments', { name: 'default-2' }, key)).status).toBe(201);
  });
});

describe('a record', () => {
  test('names the person whom a stranger turned out to be, and nobody who was turned away', async () => {
    const named = await openPlane();
    await named.person('bo', []);
    await named.caller().signIn('bo', 'wrong wrong wrong wrong');
    await named.caller().signIn('bo');
    const { body } = await named.admin.call('GET', '/audit?action=session:open&limit=200');
    const ends = (body.items as { record: { kind: string; detail: { person?: string } }; names: object }[]).filter(
      ({ record }) => record.kind === 'close',
    );
    const ofBo = ends.filter(({ names }) => Object.values(names).includes('bo'));
    expect(ofBo).toHaveLength(1);
    expect(Object.keys(ofBo[0]!.names)).toEqual([ofBo[0]!.record.detail.person]);
    await named.close();
  });
});

test('the log verifies itself when asked, and its state says how far', async () => {
  const plane = await openPlane();
  expect((await plane.admin.call('GET', '/audit/state')).body.verified).toBeNull();
  const { status, body } = await plane.admin.call('POST', '/audit/verify', {});
  expect([status, body]).toMatchObject([200, { damage: null, atSeconds: plane.now() }]);
  expect(body.size).toBeGreaterThan(0);
  expect((await plane.admin.call('GET', '/audit/state')).body.verified).toEqual(body);
  await plane.close();
});

describe('lists', () => {
  test('come in pages that leave nothing out and repeat nothing', async () => {
    const paged = await openPlane();
    for (let i = 0; i < 7; i++) await paged.person(`person-${i}`, []);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await paged.admin.call('GET', `/people?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.next;
    }
    expect(seen).toEqual([...Array.from({ length: 7 }, (_, i) => `person-${i}`), 'root-admin']);
    await paged.close();
  });
});

describe('records', () => {
  test('every change stands in the log before and after, with who, what and how it ended', async () => {
    await it.admin.call('POST', '/environments', { name: 'recorded' });
    await it.admin.call('POST', '/environments', { name: 'recorded' });
    const { items } = (await it.admin.call('GET', '/audit?action=environment:make&limit=4')).body;
    const told = items.map(({ record }: { record: Record<string, unknown> }) => [record['kind'], record['outcome']]);
    expect(told).toEqual([
      ['close', 'refused'],
      ['open', undefined],
      ['close', 'done'],
      ['open', undefined],
    ]);
    expect(items[3]).toMatchObject({
      record: { actor: { kind: 'person', id: it.admin.id } },
      personal: { actorName: 'root-admin' },
    });
  });

  test('passwords, tokens and codes are in none of them, nor in the log of the server', async () => {
    const made = await it.admin.call('POST', '/me/tokens', {
      name: 'secret-test',
      permissions: ['audit:read'],
      days: 1,
    });
    await it.caller().signIn('root-admin', 'a wrong secret password');
    const text = (await it.admin.call('GET', '/audit/export')).text + it.logged.join('\n');
    for (const secret of [password, 'a wrong secret password', made.body.token, [...it.admin.cookies.values()][0]!])
      expect(text).not.toContain(secret);
  });

  test('a person can be exported and erased, and the log still verifies', async () => {
    const gone = await it.person('Wilhelmina-Unmistakable', [{ environment: '*', role: 'developer' }]);
    await gone.call('GET', '/session');
    const data = (await it.admin.call('GET', `/people/${gone.id}/data`)).body;
    expect(data.person.name).toBe('Wilhelmina-Unmistakable');
    expect(data.audit.length).toBeGreaterThan(0);
    expect((await it.admin.call('DELETE', `/people/${gone.id}`)).status).toBe(200);
    const everything = `${(await it.admin.call('GET', '/audit?limit=200')).text}${(await it.admin.call('GET', '/people')).text}`;
    expect(everything).not.toContain('Wilhelmina');
    expect((await it.admin.call('GET', `/people/${gone.id}`)).status).toBe(404);
  });

  test('a flood of strangers leaves a handful of records, whichever door they try', async () => {
    const quiet = await openPlane();
    const before = quiet.plane.audit.size;
    const token = 'x'.repeat(43);
    for (let i = 0; i < 60; i++) {
      await quiet.caller().signIn('root-admin', `wrong ${i}`);
      await quiet.caller().call('POST', '/setup', { token, name: 'stranger', password });
      await quiet.caller().call('POST', '/invitations/accept', { token, name: 'stranger', password });
    }
    expect(quiet.plane.audit.size - before).toBeLessThan(20);
    quiet.pass(1_000);
    await quiet.admin.signIn('root-admin');
    await quiet.caller().call('POST', '/setup', { token, name: 'stranger', password });
    const [{ record }] = (await quiet.admin.call('GET', '/audit?action=setup:complete&limit=1')).body.items;
    expect(record).toMatchObject({ kind: 'note', outcome: 'refused', detail: { kind: 'already-set-up', count: 56 } });
    await quiet.close();
  }, 30_000);

  test('an act that could not be announced gives its idempotency key back', async () => {
    const full = await openPlane();
    const key = { 'idempotency-key': 'k-9' };
    full.plane.audit.store.close();
    expect((await full.admin.call('POST', '/environments', { name: 'late' }, key)).status).toBe(503);
    full.pass(2);
    expect((await full.admin.call('POST', '/environments', { name: 'late' }, key)).status).toBe(201);
    await full.close();
  });

  test('when nothing can be recorded nothing is changed, reading goes on, and it recovers by itself', async () => {
    const full = await openPlane();
    full.plane.audit.store.close();
    const refused = await full.admin.call('POST', '/environments', { name: 'unrecorded' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    const names = (await full.admin.call('GET', '/environments')).body.items.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['default']);
    full.pass(2);
    expect((await full.admin.call('POST', '/environments', { name: 'recorded-again' })).status).toBe(201);
    await full.close();
  });
});

test('the record of an export says what was asked for; signing is no reading', async () => {
  await it.admin.call('GET', '/audit/export?action=session:open&since=2');
  const { items } = (await it.admin.call('GET', '/audit?action=audit:export&limit=2')).body;
  expect(items[1].record).toMatchObject({ kind: 'open', detail: { action: 'session:open', since: 2 } });
  const operator = await it.person('reads the log', [{ environment: '*', role: 'operator' }]);
  expect((await operator.call('GET', '/audit')).status).toBe(200);
  expect((await operator.call('POST', '/audit/checkpoints')).status).toBe(403);
});

test('an export with a filter holds what fits, each record with its proof, as the offline verifier reads it', async () => {
  await it.admin.call('POST', '/environments', { name: 'for the export' });
  const { text } = await it.admin.call('GET', '/audit/export?action=environment:make');
  const [header, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(header).toMatchObject({ part: true, filter: { action: 'environment:make' } });
  expect(lines.length).toBeGreaterThan(1);
  expect(new Set(lines.map(({ record }) => record.action))).toEqual(new Set(['environment:make']));
  const files = mkdtempSync(join(tmpdir(), 'odyssey-part-'));
  writeFileSync(join(files, 'part.jsonl'), text);
  writeFileSync(join(files, 'anchors.txt'), (await it.admin.call('GET', '/audit/checkpoints')).text);
  const verifier = join(import.meta.dirname, '../../../../web/server/audit/main.ts');
  const said = execFileSync(process.execPath, [
    verifier,
    'verify',
    join(files, 'part.jsonl'),
    join(files, 'anchors.txt'),
  ]);
  expect(JSON.parse(String(said))).toMatchObject({ kind: 'intact', records: lines.length });
  writeFileSync(join(files, 'whole.jsonl'), (await it.admin.call('GET', '/audit/export')).text);
  writeFileSync(join(files, 'anchors.txt'), (await it.admin.call('GET', '/audit/checkpoints')).text);
  const whole = execFileSync(process.execPath, [
    verifier,
    'verify',
    join(files, 'whole.jsonl'),
    join(files, 'anchors.txt'),
  ]);
  expect(JSON.parse(String(whole))).toMatchObject({ kind: 'intact' });
  rmSync(files, { recursive: true });
});
