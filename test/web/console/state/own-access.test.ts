// One's own access: passwords are forgotten once they were sent, the session goes on, a token is shown once and holds no more than its owner.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { OwnAccess, OwnTokens } from '../../../../web/console/state/own-access.svelte.ts';
import type { SessionView } from '../../../../web/console/state/session.svelte.ts';
import { adminSession, fakePorts, fakeServer, problem, settle, type Told } from '../ports.ts';

const session = { id: 's'.repeat(32), source: '192.0.2.1', agent: 'a browser', created: 1, used: 2, current: false };
const token = { id: 't'.repeat(16), name: 'ci', permissions: [], environment: '*', created: 1, expires: 2, used: null };

function open(routes: Record<string, Told> = {}, permissions: string[] = ['watch:read', 'deployment:write']) {
  const ports = fakePorts(
    fakeServer({
      'GET /me/sessions': { body: { items: [session] } },
      [`DELETE /me/sessions/${session.id}`]: { body: {} },
      'PUT /me/password': { body: { ...adminSession, permissions } },
      'DELETE /me/second-factor': { body: { ...adminSession, permissions, secondFactor: false } },
      'POST /me/second-factor': { body: { uri: 'otpauth://totp/x?secret=ABCDEFGH' } },
      'PUT /me/second-factor': { body: { ...adminSession, permissions, secondFactor: true } },
      'GET /me/tokens': { body: { items: [token] } },
      'POST /me/tokens': { status: 201, body: { ...token, token: 'ody_secret' } },
      [`DELETE /me/tokens/${token.id}`]: { body: {} },
      ...routes,
    }),
  );
  const app = new App(ports);
  app.session.enter({ ...adminSession, permissions } as SessionView);
  const sent = () =>
    ports.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
  return { app, access: new OwnAccess(app), tokens: new OwnTokens(app), sent };
}

describe('the password', () => {
  const written = ({ password }: OwnAccess, next = 'four words are enough') => {
    [password.current, password.next, password.again] = ['the old password', next, next];
  };

  test('is sent with the one before, then both are forgotten', async () => {
    const { app, access, sent } = open();
    written(access);
    await access.password.submit();
    expect(sent()).toEqual([['PUT', '/me/password', { current: 'the old password', next: 'four words are enough' }]]);
    expect([access.password.current, access.password.next, app.toasts.shown[0]?.kind]).toEqual(['', '', 'done']);
  });

  test('too short or not the same twice is not sent', async () => {
    const { access, sent } = open();
    written(access, 'short');
    await access.password.submit();
    written(access);
    access.password.again = 'four words are enougH';
    await access.password.submit();
    expect([access.password.mismatch !== undefined, sent()]).toEqual([true, []]);
  });

  test('a refusal is said and forgets them as well', async () => {
    const { access } = open({ 'PUT /me/password': problem(403, 'wrong-password') });
    written(access);
    await access.password.submit();
    expect([access.password.sending.general, access.password.current]).toEqual(['It is wrong-password.', '']);
  });
});

describe('the second factor', () => {
  test('whether it is on everybody knows of themselves, whatever they may', () => {
    const { app, access } = open({}, []);
    expect(access.hasSecondFactor).toBe(false);
    app.session.enter({ ...adminSession, secondFactor: true } as SessionView);
    expect(access.hasSecondFactor).toBe(true);
    app.session.leave();
    expect(access.hasSecondFactor).toBeNull();
  });

  test('is on once a code was shown, and the key is gone from the page', async () => {
    const { app, access } = open();
    await access.secondFactor.offer();
    expect(access.secondFactor.key).toBe('ABCD EFGH');
    access.secondFactor.code = '123456';
    await access.acceptSecondFactor();
    expect([access.secondFactor.uri, app.toasts.shown.length, access.hasSecondFactor]).toEqual([undefined, 1, true]);
  });

  test('a wrong code keeps the key there', async () => {
    const { access } = open({ 'PUT /me/second-factor': problem(403, 'wrong-code') });
    await access.secondFactor.offer();
    await access.acceptSecondFactor();
    expect([access.secondFactor.uri === undefined, access.secondFactor.error]).toEqual([false, 'It is wrong-code.']);
  });

  test('goes with password and code alone', async () => {
    const { access, sent } = open();
    [access.removal.open, access.removal.password, access.removal.code] = [true, 'p', '123456'];
    await access.removal.submit();
    expect(sent()).toEqual([['DELETE', '/me/second-factor', { password: 'p', code: '123456' }]]);
    expect([access.removal.open, access.removal.password, access.hasSecondFactor]).toEqual([false, '', false]);
  });
});

test('what was typed to turn the second factor off goes with the sheet', async () => {
  const { access } = open({ 'DELETE /me/second-factor': problem(403, 'wrong-password') });
  [access.removal.open, access.removal.password, access.removal.code] = [true, 'p', '123456'];
  await access.removal.submit();
  expect(access.removal.sending.general).toBe('It is wrong-password.');
  [access.removal.password, access.removal.code] = ['p', '1'];
  access.removal.close();
  expect([access.removal.open, access.removal.password, access.removal.code]).toEqual([false, '', '']);
  expect(access.removal.sending.general).toBeUndefined();
});

test('a refusal of one token is not said of the next', async () => {
  const { tokens } = open({ 'POST /me/tokens': problem(403, 'not-allowed') });
  tokens.open();
  tokens.name = 'ci';
  tokens.chosen['watch:read'] = true;
  await tokens.submit();
  expect(tokens.sending.general).toBe('It is not-allowed.');
  tokens.close();
  tokens.open();
  expect(tokens.sending.general).toBeUndefined();
});

test('a session elsewhere is ended', async () => {
  const { access, sent } = open();
  await access.end(session);
  expect(sent()).toEqual([['DELETE', `/me/sessions/${session.id}`, undefined]]);
});

describe('tokens', () => {
  test('offer what their owner may, and no more', () => {
    expect(open().tokens.offered).toEqual(['watch:read', 'deployment:write']);
  });

  test('are made of what was chosen, shown once', async () => {
    const { tokens, sent } = open();
    tokens.open();
    await tokens.submit();
    expect(sent()).toEqual([]);
    [tokens.name, tokens.days] = [' ci ', '30'];
    tokens.chosen['deployment:write'] = true;
    await tokens.submit();
    const body = { name: 'ci', permissions: ['deployment:write'], environment: '*', days: 30 };
    expect(sent()).toEqual([['POST', '/me/tokens', body]]);
    expect(tokens.made).toBe('ody_secret');
    tokens.close();
    expect(tokens.made).toBeUndefined();
  });

  test.each(['0', '366', '1.5', 'x', ''])('%s days: not sent', (days) => {
    const { tokens } = open();
    [tokens.name, tokens.days] = ['ci', days];
    tokens.chosen['watch:read'] = true;
    expect(tokens.ready).toBe(false);
  });

  test('are revoked after a question', async () => {
    const { app, tokens, sent } = open();
    const revoked = tokens.revoke(token);
    await settle();
    expect(sent()).toEqual([]);
    app.danger.answer(true);
    await revoked;
    expect(sent()).toEqual([['DELETE', `/me/tokens/${token.id}`, undefined]]);
  });
});
