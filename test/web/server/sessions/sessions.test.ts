// T2, L1, bar 16: signing in, staying in, being put out, fresh passwords and second factors, through the real server.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allEnvironments } from '../../../../core/contracts/access.ts';
import { hmacSha1 } from '../../../../web/server/crypto.ts';
import { hotp, stepOf } from '../../../../web/server/sessions/totp.ts';
import { type Caller, openPlane, password, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

const readOnly = [{ environment: allEnvironments, role: 'read-only' as const }];
const isIn = async (caller: Caller) => (await caller.call('GET', '/session')).status === 200;

describe('the first admin', () => {
  test('set-up is closed afterwards, for every token', async () => {
    expect(it.plane.people.offerSetup()).toBeUndefined();
    const again = await it.caller().call('POST', '/setup', { token: 'x'.repeat(43), name: 'second', password });
    expect(again).toMatchObject({ status: 409, body: { type: 'urn:odyssey:problem:already-set-up' } });
  });
});

describe('sessions', () => {
  test('cookies are out of reach of scripts and of other sites', async () => {
    const answer = await it.caller().signIn('root-admin');
    for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/; Path=\/;.*HttpOnly; SameSite=Strict$/);
    expect(answer.headers.getSetCookie()).toHaveLength(2);
    expect(answer.text).not.toContain(answer.headers.getSetCookie()[0]!.split(/[=;]/)[1]);
  });

  test('an access token ends after ten minutes, a refresh gives a new one', async () => {
    const caller = await it.person('ten-minutes', readOnly);
    it.pass(601);
    expect(await isIn(caller)).toBe(false);
    expect((await caller.call('POST', '/session/refresh')).status).toBe(200);
    expect(await isIn(caller)).toBe(true);
  });

  test('a refresh token that is used twice ends the session for both', async () => {
    const caller = await it.person('robbed', readOnly);
    const stolen = new Map(caller.cookies);
    await caller.call('POST', '/session/refresh');
    const thief = it.caller();
    thief.cookies = stolen;
    expect((await thief.call('POST', '/session/refresh')).status).toBe(401);
    expect(await isIn(caller)).toBe(false);
    expect((await caller.call('POST', '/session/refresh')).status).toBe(401);
  });

  test('a session that is refreshed without end keeps few rows, and a stolen old token still ends it', async () => {
    const caller = await it.person('restless', readOnly);
    const rows = () => {
      const db = new DatabaseSync(join(it.folder, 'control', 'odyssey.db'), { readOnly: true });
      const { n } = db.prepare('SELECT count(*) AS n FROM refresh_tokens').get() as { n: number };
      db.close();
      return n;
    };
    const before = rows();
    let stolen = new Map(caller.cookies);
    for (let i = 0; i < 150; i++) {
      if (i === 120) stolen = new Map(caller.cookies);
      it.pass(1);
      await caller.call('POST', '/session/refresh');
    }
    expect(rows() - before).toBeLessThanOrEqual(101);
    const thief = it.caller();
    thief.cookies = stolen;
    expect((await thief.call('POST', '/session/refresh')).status).toBe(401);
    expect(await isIn(caller)).toBe(false);
  }, 30_000);

  test.each([
    { given: 'idle for more than a day', steps: 1, each: 86_401, ends: true },
    { given: 'used daily for less than a week', steps: 6, each: 86_000, ends: false },
    { given: 'used daily for more than a week', steps: 8, each: 86_000, ends: true },
  ])('a session that is $given ends: $ends', async ({ steps, each, ends }) => {
    const caller = it.caller();
    await caller.signIn('root-admin');
    let status = 200;
    for (let i = 0; i < steps; i++) {
      it.pass(each);
      status = (await caller.call('POST', '/session/refresh')).status;
    }
    expect(status === 401).toBe(ends);
    await it.admin.signIn('root-admin');
  });

  test('logout ends the self-contained token at once, though its time has not come', async () => {
    const caller = await it.person('leaver', readOnly);
    const kept = new Map(caller.cookies);
    await caller.call('DELETE', '/session');
    caller.cookies = kept;
    expect(await isIn(caller)).toBe(false);
    expect((await caller.call('POST', '/session/refresh')).status).toBe(401);
  });

  test.each([
    { act: 'disabling', method: 'PUT', path: '/disabled', body: { disabled: true } },
    {
      act: 'a changed role',
      method: 'PUT',
      path: '/grants',
      body: { grants: [{ environment: '*', role: 'operator' }] },
    },
    { act: 'an admin ending all sessions', method: 'DELETE', path: '/sessions', body: undefined },
    { act: 'erasing', method: 'DELETE', path: '', body: undefined },
  ])('$act ends every session and token of that person at the next call', async ({ act, method, path, body }) => {
    const caller = await it.person(`target of ${act}`, readOnly);
    await it.admin.call('POST', '/session/confirm', { password });
    expect((await it.admin.call(method, `/people/${caller.id}${path}`, body)).status).toBe(200);
    expect(await isIn(caller)).toBe(false);
    expect((await caller.call('POST', '/session/refresh')).status).toBe(401);
  });

  test('a person sees and ends their own sessions, and nobody else’s', async () => {
    const caller = await it.person('many-places', readOnly);
    const elsewhere = it.caller();
    await elsewhere.signIn('many-places');
    const list = (await caller.call('GET', '/me/sessions')).body.items;
    expect(list).toHaveLength(2);
    const other = list.find(({ current }: { current: boolean }) => !current);
    const stranger = await it.person('stranger', readOnly);
    expect((await stranger.call('DELETE', `/me/sessions/${other.id}`)).status).toBe(404);
    expect(await isIn(elsewhere)).toBe(true);
    expect((await caller.call('DELETE', `/me/sessions/${other.id}`)).status).toBe(200);
    expect(await isIn(elsewhere)).toBe(false);
  });

  test('a new password ends the others and keeps the one that changed it', async () => {
    const caller = await it.person('changer', readOnly);
    const elsewhere = it.caller();
    await elsewhere.signIn('changer');
    const wrong = await caller.call('PUT', '/me/password', { current: 'not this', next: 'another good password' });
    expect(wrong.status).toBe(422);
    const right = await caller.call('PUT', '/me/password', { current: password, next: 'another good password' });
    expect(right.status).toBe(200);
    expect(await isIn(caller)).toBe(true);
    expect(await isIn(elsewhere)).toBe(false);
    expect((await it.caller().signIn('changer')).status).toBe(401);
    expect((await it.caller().signIn('changer', 'another good password')).status).toBe(200);
  });
});

describe('the tokens of before a new password', () => {
  test('are worth nothing, and showing one ends the session that went on', async () => {
    const caller = await it.person('stolen-from', readOnly);
    const thief = it.caller();
    thief.cookies = new Map(caller.cookies);
    const [csrf, next] = [caller.csrf, 'another good password'];
    expect((await caller.call('PUT', '/me/password', { current: password, next })).status).toBe(200);
    expect(caller.csrf).not.toBe(csrf);
    expect(await isIn(thief)).toBe(false);
    expect(await isIn(caller)).toBe(true);
    expect((await thief.call('POST', '/session/refresh')).status).toBe(401);
    expect(await isIn(caller)).toBe(false);
    expect((await caller.call('POST', '/session/refresh')).status).toBe(401);
  });
});

describe('what needs a fresh password', () => {
  test('ten minutes after signing in, granting asks for it once more', async () => {
    const caller = await it.person('fresh', readOnly);
    const grants = { grants: [{ environment: '*', role: 'developer' }] };
    await it.admin.signIn('root-admin');
    it.pass(590);
    await it.admin.call('POST', '/session/refresh');
    it.pass(20);
    const stale = await it.admin.call('PUT', `/people/${caller.id}/grants`, grants);
    expect(stale).toMatchObject({ status: 403, body: { type: 'urn:odyssey:problem:confirm-first' } });
    expect((await it.admin.call('POST', '/session/confirm', { password: 'wrong' })).status).toBe(401);
    expect((await it.admin.call('POST', '/session/confirm', { password })).status).toBe(200);
    expect((await it.admin.call('PUT', `/people/${caller.id}/grants`, grants)).status).toBe(200);
  });
});

describe('second factor', () => {
  const code = (key: Uint8Array) => hotp(hmacSha1, key, stepOf(it.now()));
  const readKey = (uri: string): Uint8Array => {
    const text = new URL(uri).searchParams.get('secret')!;
    const bits = [...text]
      .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
      .join('');
    return Uint8Array.from(bits.match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  };
  const enrol = async (caller: Caller): Promise<Uint8Array> => {
    const offer = await caller.call('POST', '/me/second-factor');
    const key = readKey(offer.body.uri);
    expect((await caller.call('PUT', '/me/second-factor', { code: code(key) })).status).toBe(200);
    return key;
  };

  test('once set up, a code is needed, and each code works once', async () => {
    const caller = await it.person('factor', readOnly);
    const key = await enrol(caller);
    expect(await isIn(caller)).toBe(true);
    const without = await it.caller().signIn('factor');
    expect(without).toMatchObject({ status: 401, body: { type: 'urn:odyssey:problem:second-factor' } });
    expect((await it.caller().signIn('factor', password, code(key))).status).toBe(401); // spent by enrolling
    it.pass(30);
    expect((await it.caller().signIn('factor', password, code(key))).status).toBe(200);
    expect((await it.caller().signIn('factor', password, code(key))).status).toBe(401);
    it.pass(30);
    expect((await it.caller().signIn('factor', 'wrong password', code(key))).status).toBe(401);
    expect((await it.caller().signIn('factor', password, code(key))).status).toBe(200);
  });

  test('a wrong code does not set it up', async () => {
    const caller = await it.person('no-factor', readOnly);
    await caller.call('POST', '/me/second-factor');
    expect((await caller.call('PUT', '/me/second-factor', { code: '000000' })).status).toBe(422);
    expect((await it.caller().signIn('no-factor')).status).toBe(200);
  });

  test('everybody is told whether their own is on, in every answer about themselves; a token is not', async () => {
    const caller = await it.person('told', readOnly);
    const own = async () => (await caller.call('GET', '/session')).body.secondFactor;
    expect(await own()).toBe(false);
    const made = await caller.call('POST', '/me/tokens', {
      ...{ name: 'reads', permissions: ['watch:read'], environment: '*', days: 1 },
    });
    await enrol(caller);
    expect(await own()).toBe(true);
    const asToken = await it
      .caller()
      .call('GET', '/session', undefined, { authorization: `Bearer ${made.body.token}` });
    expect([asToken.status, asToken.body.secondFactor]).toEqual([200, null]);
  });

  test('where policy demands it for a role, its holders can do nothing but set it up', async () => {
    const caller = await it.person('demanded', [{ environment: '*', role: 'developer' }]);
    await it.admin.signIn('root-admin');
    await it.admin.call('PUT', '/policy', { secondFactorRoles: ['developer'] });
    expect((await caller.call('GET', '/session')).body.secondFactorMissing).toBe(true);
    expect((await caller.call('GET', '/environments')).status).toBe(403);
    await enrol(caller);
    expect((await caller.call('GET', '/environments')).status).toBe(200);
    await it.admin.call('PUT', '/policy', { secondFactorRoles: [] });
  });
});
