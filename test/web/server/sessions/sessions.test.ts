// T2, L1–L4, bar 16 and 25: signing in, staying in, being put out, guessing, second factors, through the real server.
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

describe('guessing', () => {
  test('unknown name, wrong password and disabled person are one answer', async () => {
    const caller = await it.person('gone', readOnly);
    await it.admin.signIn('root-admin');
    await it.admin.call('PUT', `/people/${caller.id}/disabled`, { disabled: true });
    const tries = [
      await it.caller().signIn('nobody-at-all', 'wrong password'),
      await it.caller().signIn('root-admin', 'wrong password'),
      await it.caller().signIn('gone', password),
    ];
    const plain = tries.map(({ status, body }) => ({ status, ...body, requestId: '' }));
    expect(plain[1]).toEqual(plain[0]);
    expect(plain[2]).toEqual(plain[0]);
    await it.admin.signIn('root-admin');
  });

  test('200 wrong tries are slowed down for the account, and the admin gets in again', async () => {
    const quiet = await openPlane();
    const statuses: number[] = [];
    let retryAfter = 0;
    for (let i = 0; i < 200; i++) {
      const answer = await quiet.caller().signIn('root-admin', `wrong password ${i}`);
      statuses.push(answer.status);
      retryAfter = Math.max(retryAfter, Number(answer.headers.get('retry-after') ?? 0));
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(10);
    expect(statuses.at(-1)).toBe(429);
    expect((await quiet.caller().signIn('root-admin')).status).toBe(429);
    quiet.pass(retryAfter + 1);
    expect((await quiet.caller().signIn('root-admin')).status).toBe(200);
    await quiet.close();
  });

  test('one source that tries many names is slowed down as well', async () => {
    const quiet = await openPlane();
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await quiet.caller().signIn(`name-${i}`, 'x')).status);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 401));
    expect(statuses.slice(-10)).toEqual(Array.from({ length: 10 }, () => 429));
    await quiet.close();
  });

  test('an unknown name takes as long as a wrong password, within 10 %', async () => {
    const quiet = await openPlane();
    await quiet.person('somebody', readOnly);
    const fastest: Record<string, number> = { somebody: Number.POSITIVE_INFINITY, nobody: Number.POSITIVE_INFINITY };
    const difference = () => Math.abs(fastest['nobody']! / fastest['somebody']! - 1);
    // The fastest of many: what the machine's other work adds says nothing about the name. More rounds only while noise remains.
    for (let i = 0; i < 200 && (i < 20 || difference() >= 0.1); i++) {
      for (const name of ['somebody', 'nobody']) {
        quiet.pass(5_000);
        const started = performance.now();
        await quiet.caller().signIn(name, 'wrong password');
        fastest[name] = Math.min(fastest[name]!, performance.now() - started);
      }
    }
    expect(difference()).toBeLessThan(0.1);
    expect(fastest['nobody']).toBeGreaterThan(10); // a real hash was computed
    await quiet.close();
  }, 60_000);
});

describe('invitations', () => {
  test('50 racing uses of one invitation make one person', async () => {
    await it.admin.signIn('root-admin');
    const { token } = (await it.admin.call('POST', '/invitations', { grants: readOnly })).body;
    const tries = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        it.caller().call('POST', '/invitations/accept', { token, name: `racer-${i}`, password }),
      ),
    );
    expect(tries.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(tries.filter(({ status }) => status === 403)).toHaveLength(49);
  }, 30_000);

  test('it ends after 72 hours, when withdrawn, and shows nothing of its token later', async () => {
    await it.admin.signIn('root-admin');
    const made = (await it.admin.call('POST', '/invitations', { grants: readOnly })).body;
    expect((await it.admin.call('GET', '/invitations')).text).not.toContain(made.token);
    it.pass(72 * 3_600 + 1);
    expect(
      (await it.caller().call('POST', '/invitations/accept', { token: made.token, name: 'late', password })).status,
    ).toBe(403);
    await it.admin.signIn('root-admin');
    const second = (await it.admin.call('POST', '/invitations', { grants: readOnly })).body;
    expect((await it.admin.call('DELETE', `/invitations/${second.id}`)).status).toBe(200);
    expect(
      (await it.caller().call('POST', '/invitations/accept', { token: second.token, name: 'late', password })).status,
    ).toBe(403);
  });

  test.each(['short', 'password1', 'aaaaaaaaaaaa', 'new-person1', 'x'.repeat(300)])(
    'the password %s is refused with the reason',
    async (weak) => {
      await it.admin.signIn('root-admin');
      const { token } = (await it.admin.call('POST', '/invitations', { grants: readOnly })).body;
      const answer = await it
        .caller()
        .call('POST', '/invitations/accept', { token, name: 'new-person', password: weak });
      expect(answer).toMatchObject({ status: 422, body: { type: 'urn:odyssey:problem:weak-password' } });
    },
  );
});

describe('API tokens', () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  test('a token does what it was made for, within what its owner may do, until it ends', async () => {
    const owner = await it.person('owner', [{ environment: '*', role: 'operator' }]);
    const body = { name: 'ci', permissions: ['audit:read', 'policy:manage'], days: 7 };
    const { token, id } = (await owner.call('POST', '/me/tokens', body)).body;
    const program = it.caller();
    expect((await program.call('GET', '/audit', undefined, bearer(token))).status).toBe(200);
    expect((await program.call('GET', '/people', undefined, bearer(token))).status).toBe(403); // not in its scope
    expect((await program.call('GET', '/policy', undefined, bearer(token))).status).toBe(403); // not the owner's
    expect((await program.call('GET', '/me/tokens', undefined, bearer(token))).status).toBe(403); // not for tokens
    expect((await program.call('GET', '/audit', undefined, bearer(`${token.slice(0, -1)}x`))).status).toBe(401);
    const listed = (await owner.call('GET', '/me/tokens')).body.items[0];
    expect(listed).toMatchObject({ id, used: it.now() });
    expect(JSON.stringify(listed)).not.toContain(token.slice(-20));
    it.pass(7 * 86_400 + 1);
    expect((await program.call('GET', '/audit', undefined, bearer(token))).status).toBe(401);
  });

  test('a revoked token ends at once, and a person’s tokens end with the person', async () => {
    const owner = await it.person('owner-2', [{ environment: '*', role: 'operator' }]);
    const body = { name: 'ci', permissions: ['audit:read'], days: 7 };
    const first = (await owner.call('POST', '/me/tokens', body)).body;
    const second = (await owner.call('POST', '/me/tokens', body)).body;
    await owner.call('DELETE', `/me/tokens/${first.id}`);
    expect((await it.caller().call('GET', '/audit', undefined, bearer(first.token))).status).toBe(401);
    expect((await it.caller().call('GET', '/audit', undefined, bearer(second.token))).status).toBe(200);
    await it.admin.signIn('root-admin');
    await it.admin.call('PUT', `/people/${owner.id}/disabled`, { disabled: true });
    expect((await it.caller().call('GET', '/audit', undefined, bearer(second.token))).status).toBe(401);
  });
});

test('the last admin can be neither disabled, nor demoted, nor erased', async () => {
  await it.admin.signIn('root-admin');
  const self = `/people/${it.admin.id}`;
  expect((await it.admin.call('PUT', `${self}/disabled`, { disabled: true })).status).toBe(409);
  expect((await it.admin.call('PUT', `${self}/grants`, { grants: readOnly })).status).toBe(409);
  expect((await it.admin.call('DELETE', self)).status).toBe(409);
});
