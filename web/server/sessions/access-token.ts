// Access tokens: short-lived JWTs of one algorithm, whose header must be, byte for byte, one that this server writes.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { newSigningKey, randomId } from '../crypto.ts';
import type { SessionStore, SigningKeyRow } from './store.ts';

export const accessSeconds = 600;
const keySeconds = 30 * 86_400;
const algorithm = 'EdDSA';
const type = 'at+jwt';
const issuer = 'odyssey';
const audience = 'odyssey-api';
const lengthMax = 2_048;

export interface AccessClaims {
  person: string;
  session: string;
  version: number;
}

interface Key {
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  created: number;
  retired: number | null;
}

export class AccessTokens {
  private readonly store: Pick<SessionStore, 'signingKeys' | 'rotateKey'>;
  private keys: Key[] = [];

  /** Reads the keys, and makes one where that is due. */
  constructor(store: Pick<SessionStore, 'signingKeys' | 'rotateKey'>, now: number) {
    this.store = store;
    this.load();
    this.rotateWhereOld(now);
  }

  /** A new key where there is none, or the present one is older than 30 days; to be called now and then. */
  rotateWhereOld(now: number): void {
    const present = this.keys.find(({ retired }) => retired === null);
    if (present === undefined || now - present.created > keySeconds) this.rotate(now);
  }

  /** Signs with a new key from now on; tokens of the old one stay valid for as long as the youngest of them lives. */
  rotate(now: number): void {
    this.store.rotateKey({ id: randomId(), pem: newSigningKey().pem }, now);
    this.load();
  }

  async mint({ person, session, version }: AccessClaims, now: number): Promise<string> {
    const key = this.keys.find(({ retired }) => retired === null)!;
    const issued = Math.floor(now);
    return new SignJWT({ sid: session, ver: version })
      .setProtectedHeader({ alg: algorithm, typ: type, kid: key.id })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(person)
      .setIssuedAt(issued)
      .setNotBefore(issued)
      .setExpirationTime(issued + accessSeconds)
      .sign(key.privateKey);
  }

  /** The claims of a token that is genuine and valid now; undefined for anything else, whatever is wrong with it. */
  async read(token: string, now: number): Promise<AccessClaims | undefined> {
    if (token.length > lengthMax) return undefined;
    const header = token.slice(0, token.indexOf('.'));
    const key = this.keys.find((candidate) => header === headerOf(candidate.id));
    if (key === undefined || (key.retired !== null && now > key.retired + accessSeconds)) return undefined;
    try {
      const { payload } = await jwtVerify(token, key.publicKey, {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience,
        requiredClaims: ['sub', 'sid', 'ver', 'iat', 'nbf', 'exp'],
        currentDate: new Date(now * 1000),
      });
      const { sub, sid, ver } = payload;
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof ver !== 'number') return undefined;
      return { person: sub, session: sid, version: ver };
    } catch {
      return undefined; // jose throws a different error for each kind of forgery; to the caller they are all the same
    }
  }

  private load(): void {
    this.keys = this.store.signingKeys().map(toKey);
  }
}

function toKey({ id, pem, created, retired }: SigningKeyRow): Key {
  const privateKey = createPrivateKey(pem);
  return { id, privateKey, publicKey: createPublicKey(privateKey), created, retired };
}

function headerOf(id: string): string {
  return Buffer.from(JSON.stringify({ alg: algorithm, typ: type, kid: id })).toString('base64url');
}
