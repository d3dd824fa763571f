// L1, P9: the first admin is made once, with the token that was printed, whoever races.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hmacSha1, randomBytes, randomId, randomSecret, secretHash } from '../../../../web/server/crypto.ts';
import { type Db, openDb } from '../../../../web/server/db.ts';
import { controlMigrations } from '../../../../web/server/migrations/index.ts';
import { createInvitationStore, createSetupStore } from '../../../../web/server/people/invitations.ts';
import { PeopleService } from '../../../../web/server/people/service.ts';
import { createPeopleStore } from '../../../../web/server/people/store.ts';
import { Gate } from '../../../../web/server/sessions/gate.ts';

let folder: string;
let db: Db;
let now: number;
let people: PeopleService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-setup-'));
  db = openDb(join(folder, 'a.db'), controlMigrations);
  now = 1_800_000_000;
  people = new PeopleService({
    ...{ hmac: hmacSha1, randomId, randomSecret, randomBytes, secretHash, gate: new Gate(50, 50) },
    people: createPeopleStore(db),
    invitations: createInvitationStore(db),
    setup: createSetupStore(db),
    hashPassword: async (password) => `hash of ${password}`,
    isCommonPassword: () => false,
    unixSeconds: () => now,
    environmentExists: () => true,
    environmentAccepts: () => true,
    onChange: () => {},
    eraseAudit: () => 0,
    sweep: () => true,
    monotonicSeconds: () => now,
    sleep: async () => {},
  });
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const password = 'correct horse battery staple';

test('50 racing uses of the token make one admin, and the door is shut', async () => {
  const token = people.offerSetup()!;
  const tries = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) => people.setUp(token, `admin-${i}`, password)),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(people.list('', 10)).toHaveLength(1);
  expect(people.offerSetup()).toBeUndefined();
  await expect(people.setUp(token, 'late', password)).rejects.toMatchObject({ status: 409 });
});

test.each([
  { given: 'another token', token: (_: string) => 'x'.repeat(43), later: 0, status: 403 },
  { given: 'an empty token', token: (_: string) => '', later: 0, status: 403 },
  { given: 'a day later', token: (right: string) => right, later: 86_401, status: 403 },
])('$given makes nobody', async ({ token, later, status }) => {
  const right = people.offerSetup()!;
  now += later;
  await expect(people.setUp(token(right), 'admin', password)).rejects.toMatchObject({ status });
  expect(people.list('', 10)).toEqual([]);
});

test('a weak password does not use the token up; a restart makes the printed one worthless', async () => {
  const first = people.offerSetup()!;
  await expect(people.setUp(first, 'admin', 'short')).rejects.toMatchObject({ status: 422 });
  const second = people.offerSetup()!;
  await expect(people.setUp(first, 'admin', password)).rejects.toMatchObject({ status: 403 });
  expect((await people.setUp(second, 'admin', password)).name).toBe('admin');
});
