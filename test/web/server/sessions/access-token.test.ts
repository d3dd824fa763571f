// T1: fifteen ways to forge an access token, all refused; the genuine one passes.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { AccessTokens, accessSeconds } from '../../../../web/server/sessions/access-token.ts';
import type { SigningKeyRow } from '../../../../web/server/sessions/store.ts';

const now = 1_800_000_000;
const claims = { person: '0123456789abcdef', session: 'f'.repeat(32), version: 3 };
let rows: SigningKeyRow[];
let tokens: AccessTokens;

beforeEach(() => {
  rows = [];
  tokens = new AccessTokens(
    {
      signingKeys: () => rows,
      rotateKey({ id, pem }, at) {
        rows = [
          ...rows.map((row) => ({ ...row, retired: row.retired ?? at })),
          { id, pem, created: at, retired: null },
        ];
      },
    },
    now,
  );
});

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

async function parts() {
  const token = await tokens.mint(claims, now);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  return { token, header, payload, signature, kid: rows.at(-1)!.id };
}

/** A token signed with the real key, so that only what it says is wrong. */
async function signedWithOurs(header: object, payload: object): Promise<string> {
  const { createPrivateKey } = await import('node:crypto');
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign(null, Buffer.from(text), createPrivateKey(rows.at(-1)!.pem)).toString('base64url')}`;
}

const rightPayload = { sid: claims.session, ver: 3, iss: 'odyssey', aud: 'odyssey-api', sub: claims.person };
const times = { iat: now, nbf: now, exp: now + accessSeconds };
const rightHeader = () => ({ alg: 'EdDSA', typ: 'at+jwt', kid: rows.at(-1)!.id });

test('a genuine token tells whose it is, until it expires', async () => {
  const { token } = await parts();
  expect(await tokens.read(token, now + 1)).toEqual(claims);
  expect(await tokens.read(token, now + accessSeconds + 1)).toBeUndefined();
  expect(await tokens.read(await signedWithOurs(rightHeader(), { ...rightPayload, ...times }), now)).toEqual(claims);
});

const attacks: Record<string, () => Promise<string>> = {
  'alg none': async () => `${encode({ alg: 'none', typ: 'at+jwt' })}.${(await parts()).payload}.`,
  'alg None in mixed case': async () => `${encode({ alg: 'NoNe', typ: 'at+jwt' })}.${(await parts()).payload}.`,
  'HS256 signed with the public key': async () => {
    const { payload, kid } = await parts();
    const text = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}`;
    return `${text}.${createHmac('sha256', rows[0]!.pem).update(text).digest('base64url')}`;
  },
  'kid with path traversal': async () =>
    signedWithOurs({ ...rightHeader(), kid: '../../dev/null' }, { ...rightPayload, ...times }),
  'signature stripped': async () => (await parts()).token.replace(/[^.]+$/, ''),
  'jku in the header': async () =>
    signedWithOurs({ ...rightHeader(), jku: 'https://evil.test/keys' }, { ...rightPayload, ...times }),
  'x5u in the header': async () =>
    signedWithOurs({ ...rightHeader(), x5u: 'https://evil.test/cert' }, { ...rightPayload, ...times }),
  'jwk of the attacker in the header': async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = await exportJWK(publicKey);
    return new SignJWT({ ...rightPayload, ...times }).setProtectedHeader({ ...rightHeader(), jwk }).sign(privateKey);
  },
  'the right header signed by another key': async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return new SignJWT({ ...rightPayload, ...times }).setProtectedHeader(rightHeader()).sign(privateKey);
  },
  "an agent's type": async () => signedWithOurs({ ...rightHeader(), typ: 'agent+jwt' }, { ...rightPayload, ...times }),
  'another audience': async () => signedWithOurs(rightHeader(), { ...rightPayload, ...times, aud: 'agents' }),
  'another issuer': async () => signedWithOurs(rightHeader(), { ...rightPayload, ...times, iss: 'someone' }),
  expired: async () => signedWithOurs(rightHeader(), { ...rightPayload, iat: now - 700, nbf: now - 700, exp: now - 1 }),
  'without an end': async () => signedWithOurs(rightHeader(), { ...rightPayload, iat: now, nbf: now }),
  'not yet valid': async () => signedWithOurs(rightHeader(), { ...rightPayload, ...times, nbf: now + 60 }),
  'a key retired by rotation, after its tokens ended': async () => {
    const token = await signedWithOurs(rightHeader(), { ...rightPayload, ...times, exp: now + 99_999 });
    tokens.rotate(now - accessSeconds - 1);
    return token;
  },
  'one megabyte': async () => signedWithOurs(rightHeader(), { ...rightPayload, ...times, pad: 'x'.repeat(1 << 20) }),
  'a key twice in the header': async () => {
    const { payload, signature, kid } = await parts();
    return `${encode(`{"alg":"EdDSA","alg":"none","typ":"at+jwt","kid":"${kid}"}`)}.${payload}.${signature}`;
  },
  'a key twice in the payload': async () => {
    const { header, signature } = await parts();
    return `${header}.${encode(`{"sub":"a","sub":"${claims.person}"}`)}.${signature}`;
  },
  'a changed payload': async () => {
    const { header, signature } = await parts();
    return `${header}.${encode({ ...rightPayload, ...times, sub: 'fedcba9876543210' })}.${signature}`;
  },
  'nothing at all': async () => '',
  'three dots': async () => '...',
};

test.each(Object.keys(attacks))('%s is refused', async (name) => {
  expect(await tokens.read(await attacks[name]!(), now)).toBeUndefined();
});

test('tokens of the former key live out their ten minutes after a rotation', async () => {
  const { token } = await parts();
  tokens.rotate(now + 10);
  expect(await tokens.read(token, now + 20)).toEqual(claims);
  expect(await tokens.read(await tokens.mint(claims, now + 20), now + 20)).toEqual(claims);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
});

test('a key of more than 30 days is replaced while the server runs, and what it signed lives out its time', async () => {
  const { token } = await parts();
  tokens.rotateWhereOld(now + 60);
  expect(rows).toHaveLength(1);
  const later = now + 30 * 86_400 + 1;
  const young = await tokens.mint(claims, later);
  tokens.rotateWhereOld(later);
  tokens.rotateWhereOld(later + 60);
  expect(rows).toHaveLength(2);
  expect(await tokens.read(young, later + 60)).toEqual(claims);
  expect(await tokens.read(token, later + 60)).toBeUndefined();
  expect(await tokens.read(await tokens.mint(claims, later + 60), later + 60)).toEqual(claims);
});
