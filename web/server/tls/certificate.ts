// The server's certificate: given as files, or made at the first start and kept beside the data.
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { bitString, integer, octetString, oid, sequence, set, tagged, time, utf8 } from './der.ts';

export interface ServerCertificate {
  certificate: string;
  key: string;
  /** SHA-256 of the certificate, as browsers show it. */
  fingerprint: string;
}

const daySeconds = 86_400;
const validDays = 397; // the longest that browsers accept for a server
const renewDays = 30;

export function readCertificate(certificatePath: string, keyPath: string): ServerCertificate {
  return withFingerprint(readFileSync(certificatePath, 'utf8'), readFileSync(keyPath, 'utf8'));
}

/** The certificate kept in `folder`; a new one where there is none, it soon ends or it is for other names. */
export function keepCertificate(folder: string, names: readonly string[], now: number): ServerCertificate {
  const [certificatePath, keyPath] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  if (existsSync(certificatePath) && existsSync(keyPath)) {
    const kept = readCertificate(certificatePath, keyPath);
    const parsed = new X509Certificate(kept.certificate);
    const lasts = parsed.validToDate.getTime() / 1000 > now + renewDays * daySeconds;
    const fits = names.every((name) => (isIP(name) ? parsed.checkIP(name) : parsed.checkHost(name)) !== undefined);
    if (lasts && fits) return kept;
  }
  const made = makeCertificate(names, now);
  writePrivate(keyPath, made.key);
  writePrivate(certificatePath, made.certificate);
  return made;
}

/** Puts the certificate, never its key, at `<folder>/console.crt`, where our other processes find whom to trust; nothing else lies there. */
export function publishCertificate(folder: string, { certificate }: ServerCertificate): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const path = join(folder, 'console.crt');
  writeFileSync(`${path}.new`, certificate, { mode: 0o640 });
  renameSync(`${path}.new`, path);
}

function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** A self-signed X.509 v3 certificate (RFC 5280) with a new P-256 key, for these host names and addresses. */
export function makeCertificate(names: readonly string[], now: number): ServerCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const signatureAlgorithm = sequence(oid('1.2.840.10045.4.3.2')); // ecdsa-with-SHA256
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8('Odyssey'))));
  const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();
  const validity = sequence(time(isoOf(now - 3_600)), time(isoOf(now + validDays * daySeconds)));
  const serial = integer(Uint8Array.from([0x40 | (randomBytes(1)[0]! & 0x3f), ...randomBytes(15)]));
  const version = tagged(0, integer(Uint8Array.of(2)), true);
  const extensions = tagged(3, extensionsFor(names, spki), true);
  const body = sequence(version, serial, signatureAlgorithm, subject, validity, subject, spki, extensions);
  const der = sequence(body, signatureAlgorithm, bitString(sign('sha256', body, privateKey)));
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!;
  const pem = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return withFingerprint(pem, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
}

function extensionsFor(names: readonly string[], spki: Uint8Array): Uint8Array {
  const critical = Uint8Array.of(0x01, 0x01, 0xff);
  const alternatives = names.map((name) =>
    isIP(name) ? tagged(7, addressBytes(name), false) : tagged(2, new TextEncoder().encode(name), false),
  );
  const digitalSignature = Uint8Array.of(0x03, 0x02, 0x07, 0x80);
  const keyIdentifier = createHash('sha1').update(spki).digest();
  return sequence(
    sequence(oid('2.5.29.17'), octetString(sequence(...alternatives))),
    sequence(oid('2.5.29.19'), critical, octetString(sequence())), // no certificate authority
    sequence(oid('2.5.29.15'), critical, octetString(digitalSignature)),
    sequence(oid('2.5.29.37'), octetString(sequence(oid('1.3.6.1.5.5.7.3.1')))), // for servers
    sequence(oid('2.5.29.14'), octetString(octetString(keyIdentifier))),
  );
}

function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.').map(Number));
  const { hostname } = new URL(`http://[${address}]`); // the one spelling of an IPv6 address
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [left, right] = [groups(head), groups(tail)];
  const middle = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return Uint8Array.from([...left, ...middle, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}

function withFingerprint(certificate: string, key: string): ServerCertificate {
  return { certificate, key, fingerprint: new X509Certificate(certificate).fingerprint256 };
}
