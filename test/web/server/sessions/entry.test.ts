// L1–L3, bar 25: guessing, invitations and API tokens, through the real server.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allEnvironments } from '../../../../core/contracts/access.ts';
import { openPlane, password, type TestPlane } from '../plane.ts';

let it: TestPlane;
beforeAll(async () => {
  it = await openPlane();
});
afterAll(() => it.close());

const readOnly = [{ environment: allEnvironments, role: 'read-only' as const }];

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

  test('200 guesses sent at once are no more than those sent one after the other', async () => {
    const quiet = await openPlane();
    const tries = Array.from({ length: 200 }, (_, i) => quiet.caller().signIn('root-admin', `wrong password ${i}`));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(10);
    await quiet.close();
  }, 30_000);

  test('30 right passwords at once from one source: nobody waits afterwards', async () => {
    const quiet = await openPlane();
    await Promise.all(Array.from({ length: 30 }, () => quiet.caller().signIn('root-admin')));
    expect((await quiet.caller().signIn('root-admin')).status).toBe(200);
    await quiet.close();
  }, 30_000);

  test('whoever sits at an open session guesses its password no faster than at the door', async () => {
    const quiet = await openPlane();
    const caller = await quiet.person('left-alone', readOnly);
    const body = (i: number) => ({ current: `wrong password ${i}`, next: 'another good password' });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await caller.call('PUT', '/me/password', body(i))).status);
    expect(statuses.filter((status) => status === 422).length).toBeLessThan(10);
    expect(statuses.at(-1)).toBe(429);
    await quiet.close();
  }, 30_000);

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
    const somebody: number[] = [];
    const differences: number[] = [];
    const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
    const difference = () => Math.abs(middle(differences)) / middle(somebody);
    const timed = async (name: string) => {
      quiet.pass(5_000);
      const started = performance.now();
      await quiet.caller().signIn(name, 'wrong password');
      return performance.now() - started;
    };
    // The middle of pairs, whose order alternates: the machine's other work falls on both. More rounds only while noise remains.
    for (let i = 0; i < 300 && (i < 40 || difference() >= 0.05); i++) {
      const names = i % 2 === 0 ? ['somebody', 'nobody'] : ['nobody', 'somebody'];
      const [first, second] = [await timed(names[0]!), await timed(names[1]!)];
      somebody.push(i % 2 === 0 ? first : second);
      differences.push(i % 2 === 0 ? second - first : first - second);
    }
    expect(difference()).toBeLessThan(0.1);
    expect(middle(somebody)).toBeGreaterThan(10); // a real hash was computed
    await quiet.close();
  }, 240_000);
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
    // Whoever shows many tokens that open nothing has to wait.
    expect(tries.filter(({ status }) => status === 403 || status === 429)).toHaveLength(49);
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

describe('an invitation is worth no more than its inviter', () => {
  test.each([
    { given: 'disabled', path: 'disabled', body: { disabled: true } },
    { given: 'no admin any more', path: 'grants', body: { grants: readOnly } },
  ])('who is $given', async ({ given, path, body }) => {
    const inviter = await it.person(`inviter ${given}`, [{ environment: allEnvironments, role: 'admin' }]);
    const made = await inviter.call('POST', '/invitations', { grants: readOnly });
    await it.admin.call('POST', '/session/confirm', { password });
    expect((await it.admin.call('PUT', `/people/${inviter.id}/${path}`, body)).status).toBe(200);
    const acceptance = { token: made.body.token, name: `guest of ${given}`, password };
    expect((await it.caller().call('POST', '/invitations/accept', acceptance)).status).toBe(403);
  });
});

test('API tokens do not need the token of another process', async () => {
  const quiet = await openPlane();
  const { body } = await quiet.admin.call('POST', '/me/tokens', { name: 'ci', permissions: ['audit:read'], days: 1 });
  rmSync(join(quiet.folder, 'run', 'detectors.token'));
  const bearer = { authorization: `Bearer ${body.token}` };
  expect((await quiet.caller().call('GET', '/audit', undefined, bearer)).status).toBe(200);
  await quiet.close();
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

test('an archived environment keeps its grants and takes nothing new', async () => {
  const plane = await openPlane();
  const { admin, defaultEnvironment: environment } = plane;
  const old = (await admin.call('POST', '/environments', { name: 'old' })).body.id;
  const kept = [{ environment: old, role: 'operator' as const }];
  const holder = await plane.person('holder', kept);
  expect((await admin.call('PUT', `/environments/${old}/archived`, { archived: true })).status).toBe(200);
  const token = { name: 't', permissions: ['environment:read'], environment: old, days: 1 };
  expect((await admin.call('POST', '/me/tokens', token)).status).toBe(422);
  expect((await admin.call('POST', '/invitations', { grants: kept })).status).toBe(422);
  expect((await admin.call('PATCH', `/environments/${old}`, { name: 'new name' })).status).toBe(409);
  const put = (id: string, grants: object[]) => admin.call('PUT', `/people/${id}/grants`, { grants });
  expect((await put(holder.id, [...kept, { environment, role: 'developer' }])).status).toBe(200);
  expect((await put(holder.id, [{ environment: old, role: 'admin' }])).status).toBe(422);
  await plane.close();
}, 30_000);

test('the last admin can be neither disabled, nor demoted, nor erased', async () => {
  await it.admin.signIn('root-admin');
  const self = `/people/${it.admin.id}`;
  expect((await it.admin.call('PUT', `${self}/disabled`, { disabled: true })).status).toBe(409);
  expect((await it.admin.call('PUT', `${self}/grants`, { grants: readOnly })).status).toBe(409);
  expect((await it.admin.call('DELETE', self)).status).toBe(409);
});
