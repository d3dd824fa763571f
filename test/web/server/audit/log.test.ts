// The audit log on a real database: order, batches, recovery after failed writes, erasure, checkpoints and witnesses.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anchorNewest, configuredAnchors } from '../../../../web/server/audit/anchors.ts';
import { parseVerifierKey, splitNotes } from '../../../../web/server/audit/checkpoint.ts';
import { parseHeader } from '../../../../web/server/audit/export.ts';
import { AuditLog, type AuditPorts } from '../../../../web/server/audit/log.ts';
import { type AuditStore, openAuditStore } from '../../../../web/server/audit/store.ts';
import { AuditUnavailable } from '../../../../web/server/audit/unavailable.ts';
import { createVerifier, readCheckpoints } from '../../../../web/server/audit/verify.ts';
import { newSigningKey, randomBytes, sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';
import { origin } from './sample-log.ts';

let folder: string;
let now = 0;
let broken: Error[] = [];
const key = newSigningKey();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-audit-'));
  now = 0;
  broken = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openLog(ports: Partial<AuditPorts> = {}): AuditLog {
  return new AuditLog({
    sha256,
    verify: verifyEd25519,
    openStore: () => openAuditStore(join(folder, 'audit.db')),
    key,
    origin,
    salt: () => randomBytes(32),
    isoTime: () => '2026-01-02T03:04:05.000Z',
    monotonicSeconds: () => now,
    defer: setImmediate,
    onBroken: (reason) => broken.push(reason),
    ...ports,
  });
}

const act = { actor: { kind: 'person', id: 'p1' }, action: 'environment:rename', subject: 'environment/e1' } as const;

function verifyLog(log: AuditLog, anchorText = log.checkpointFile()) {
  const ports = { sha256, verify: verifyEd25519 };
  const [header, ...lines] = log.exportLines(0);
  const [keyLine] = anchorText.split('\n', 1);
  const trusted = parseVerifierKey(sha256, keyLine!);
  const read = readCheckpoints(ports, splitNotes(anchorText.slice(keyLine!.length + 1)), trusted);
  if ('bad' in read) return read.bad;
  const trust = { key: trusted, checkpoints: read.checkpoints, since: 0 };
  const verifier = createVerifier(ports, parseHeader(header!), trust);
  for (const line of lines) verifier.add(line);
  return verifier.finish(true);
}

test('an act is opened, closed with its outcome, and the log verifies', async () => {
  const log = openLog();
  const opened = await log.open({ ...act, detail: { to: 'staging' } });
  await log.close(opened, 'done', { rows: 1 });
  const [close, open] = log.store.search({}, log.size, 10).lines.map(({ record }) => JSON.parse(record));
  expect(open).toMatchObject({ kind: 'open', seq: 0, detail: { to: 'staging' } });
  expect(close).toMatchObject({ kind: 'close', seq: 1, opened: 0, outcome: 'done', subject: 'environment/e1' });
  expect(verifyLog(log)).toMatchObject({ kind: 'intact', size: 2 });
  await log.stop();
});

test('what was open when the process stopped is closed as unknown at the next start', async () => {
  const log = openLog();
  await log.open(act);
  await log.stop();
  const next = openLog();
  await next.note(act, 'refused');
  const records = next.store.search({}, 9, 9).lines.map(({ record }) => JSON.parse(record));
  expect(records.find(({ opened }) => opened === 0)).toMatchObject({ kind: 'close', outcome: 'unknown' });
  expect(next.store.pending()).toEqual([]);
  await next.stop();
});

test('entries that come together share one commit and keep their order', async () => {
  let commits = 0;
  const openStore = (): AuditStore => {
    const store = openAuditStore(join(folder, 'audit.db'));
    const append: AuditStore['append'] = (...batch) => {
      commits += 1;
      store.append(...batch);
    };
    return { ...store, append };
  };
  const log = openLog({ openStore });
  const numbers = await Promise.all(Array.from({ length: 300 }, () => log.note(act, 'done')));
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, i) => i));
  expect(commits).toBe(1);
  expect(verifyLog(log)).toMatchObject({ kind: 'intact', size: 300 });
  await log.stop();
});

test('the queue is bounded: what does not fit is refused as busy', async () => {
  const log = openLog();
  const results = await Promise.allSettled(Array.from({ length: 8_300 }, () => log.note(act, 'done')));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.length).toBe(8_300 - 8_192);
  expect(refused[0]!.reason).toMatchObject({ kind: 'busy' });
  await log.stop();
});

test('a full database refuses acts as full, keeps what was acknowledged and recovers when there is space', async () => {
  let pagesMax = 40;
  const openStore = (): AuditStore => {
    const store = openAuditStore(join(folder, 'audit.db'));
    const append: AuditStore['append'] = (...batch) => {
      limit();
      store.append(...batch);
    };
    return { ...store, append };
  };
  const limit = () => {
    const file = new DatabaseSync(join(folder, 'audit.db'), { readOnly: true });
    const { page_count: pages } = file.prepare('PRAGMA page_count').get() as { page_count: number };
    file.close();
    if (pages > pagesMax) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
  };
  const log = openLog({ openStore });
  let acknowledged = 0;
  const fill = async () => {
    for (let i = 0; i < 2_000; i++, acknowledged++) await log.note(act, 'done');
  };
  await expect(fill()).rejects.toMatchObject({ kind: 'full' });
  await expect(log.open(act)).rejects.toBeInstanceOf(AuditUnavailable);
  expect(broken).toHaveLength(1);
  pagesMax = 10_000;
  now += 2;
  expect(log.unavailable()).toBeUndefined();
  expect(log.size).toBe(acknowledged);
  expect(await log.note(act, 'done')).toBe(acknowledged);
  expect(verifyLog(log)).toMatchObject({ kind: 'intact' });
  await log.stop();
});

test('a commit that fails at the k-th write, before or after it reached the disk: nothing acknowledged is lost', async () => {
  for (const reached of [false, true]) {
    for (let k = 1; k <= 12; k++) {
      rmSync(join(folder, 'audit.db'), { force: true });
      let writes = 0;
      const openStore = (): AuditStore => {
        const store = openAuditStore(join(folder, 'audit.db'));
        const append: AuditStore['append'] = (...batch) => {
          writes += 1;
          if (writes === k && !reached) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
          store.append(...batch);
          if (writes === k) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
        };
        return { ...store, append };
      };
      const log = openLog({ openStore });
      const acknowledged: number[] = [];
      for (let i = 0; i < 12; i++) {
        const seq = await log.note({ ...act, subject: `n/${i}` }, 'done').catch(() => undefined);
        if (seq === undefined) now += 2;
        else acknowledged.push(seq);
      }
      expect(log.unavailable()).toBeUndefined();
      expect(acknowledged).toHaveLength(11);
      expect(new Set(acknowledged).size).toBe(11);
      expect(verifyLog(log), `write ${k}`).toMatchObject({ kind: 'intact', size: reached ? 12 : 11 });
      await log.stop();
    }
  }
});

test('a log that was tampered with on disk is not opened for writing', async () => {
  const log = openLog();
  for (let i = 0; i < 20; i++) await log.note(act, 'done');
  const { store } = log;
  store.close();
  const file = new DatabaseSync(join(folder, 'audit.db'));
  file.exec('DROP TRIGGER records_stand');
  file.exec(`UPDATE records SET record = replace(record, 'rename', 'delete') WHERE seq = 11`);
  file.close();
  expect(() => openLog()).toThrow('record 11');
});

test('records cannot be changed or deleted through the database as it stands', async () => {
  const log = openLog();
  await log.note(act, 'done');
  await log.stop();
  const file = new DatabaseSync(join(folder, 'audit.db'));
  expect(() => file.exec('DELETE FROM records')).toThrow('only grows');
  expect(() => file.exec(`UPDATE records SET record = ''`)).toThrow('only grows');
  file.close();
});

test('another key is refused with a sentence that says what to do', async () => {
  const log = openLog();
  await log.note(act, 'done');
  await log.stop();
  expect(() => openLog({ key: newSigningKey() })).toThrow('put the right audit key back');
});

test('a person is erased: gone from every file of the log, and the chain still verifies', async () => {
  const log = openLog();
  const personal = [{ field: 'actorName', person: 'p1', value: 'Zebulon-Quartermain' }];
  for (let i = 0; i < 50; i++) await log.note({ ...act, personal }, 'done');
  await log.note({ ...act, personal: [{ ...personal[0]!, person: 'p2', value: 'Somebody Else' }] }, 'done');
  expect(log.store.about('p1', 100)).toHaveLength(50);
  expect(log.store.erase('p1')).toBe(50);
  expect(log.store.sweep()).toBe(true);
  expect(log.store.about('p1', 100)).toEqual([]);
  expect(verifyLog(log)).toMatchObject({ kind: 'intact', size: 51 });
  expect([...log.exportLines(0)].join('\n')).not.toContain('Zebulon');
  for (const name of ['audit.db', 'audit.db-wal'])
    expect(readFileSync(join(folder, name)).includes('Zebulon'), name).toBe(false);
  expect(log.store.search({}, 99, 1).lines[0]!.personal).toEqual({ actorName: 'Somebody Else' });
  await log.stop();
});

test('a search narrows by every part of its filter, newest first', async () => {
  const log = openLog();
  for (let i = 0; i < 30; i++)
    await log.note({ ...act, subject: `environment/e${i % 3}`, environment: i % 2 ? 'prod' : 'default' }, 'done');
  const found = log.store.search({ subject: 'environment/e1', environment: 'prod' }, 20, 2).lines;
  expect(found.map(({ seq }) => seq)).toEqual([19, 13]);
  expect(log.store.search({ from: '2027-01-01T00:00:00.000Z' }, 99, 9)).toEqual({ lines: [], next: 0 });
  expect(log.store.search({ actor: 'nobody' }, 99, 9)).toEqual({ lines: [], next: 0 });
  await log.stop();
});

test('witnesses hold each new checkpoint once; one that fails is told the newest later', async () => {
  const log = openLog();
  const path = join(folder, 'anchor.txt');
  const held: string[] = [];
  let status = 500;
  const witness = createServer((request, response) => {
    request.on('data', (chunk) => held.push(String(chunk)));
    request.on('end', () => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve));
  const { port } = witness.address() as { port: number };
  const anchors = configuredAnchors({ anchorFile: path, anchorUrl: `http://127.0.0.1:${port}/` });
  const anchor = () => anchorNewest(log, anchors, () => '2026-01-02T03:04:05.000Z');
  for (let i = 0; i < 5; i++) await log.note(act, 'done');
  expect((await anchor()).map(({ target }) => target)).toEqual([`http:http://127.0.0.1:${port}/`]);
  status = 200;
  for (let i = 0; i < 5; i++) await log.note(act, 'done');
  expect(await anchor()).toEqual([]);
  expect(await anchor()).toEqual([]);
  expect(held).toHaveLength(2);
  expect(verifyLog(log, readFileSync(path, 'utf8'))).toMatchObject({ kind: 'intact', anchoredTo: 10 });
  witness.close();
  await log.stop();
});

test('at least 2,000 appends a second with every one synced', async () => {
  const log = openLog();
  const started = performance.now();
  for (let round = 0; round < 40; round++)
    await Promise.all(
      Array.from({ length: 100 }, () =>
        log.open({ ...act, personal: [{ field: 'actorName', person: 'p', value: 'n' }] }),
      ),
    );
  expect(4_000 / ((performance.now() - started) / 1000)).toBeGreaterThan(2_000);
  await log.stop();
});
