// Hashing, signing and chance, as the pure parts of the control plane ask for them.
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes as nodeRandomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';

export function sha256(data: Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

export function randomBytes(count: number): Uint8Array {
  return nodeRandomBytes(count);
}

/** An ed25519 key: signs, and says its public half as 32 raw bytes. */
export interface SigningKey {
  publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
  /** PKCS #8 in PEM, to be kept in a file that only its owner can read. */
  pem: string;
}

export function newSigningKey(): SigningKey {
  return wrapKey(generateKeyPairSync('ed25519').privateKey);
}

export function readSigningKey(pem: string): SigningKey {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`expected an ed25519 key, got ${key.asymmetricKeyType}`);
  return wrapKey(key);
}

function wrapKey(key: KeyObject): SigningKey {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x!, 'base64url'),
    sign: (message) => sign(null, message, key),
    pem: key.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return signature.length === 64 && verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

export function hmacSha1(key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac('sha1', key).update(message).digest();
}

/** 16 hexadecimal characters: an identifier that says nothing about whom or what it names. */
export function randomId(): string {
  return nodeRandomBytes(8).toString('hex');
}

/** 43 characters from 32 random bytes, for whoever holds it. */
export function randomSecret(): string {
  return nodeRandomBytes(32).toString('base64url');
}

/** What is kept of a random secret: its entropy makes a slow hash needless. */
export function secretHash(secret: string): Uint8Array {
  return hash('sha256', secret, 'buffer');
}

/** Compares without telling through time where two texts differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
