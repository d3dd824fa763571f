// The self-made certificate: understood by OpenSSL, good for its names, kept until it ends or no longer fits, and spoken over TLS.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { isLoopback, listenForPeople } from '../../../../web/server/listen.ts';
import { keepCertificate, makeCertificate, publishCertificate } from '../../../../web/server/tls/certificate.ts';

const now = Date.now() / 1000;
const names = ['odyssey.test', '127.0.0.1', 'fe80::1:2', '::1'];

test('it is valid for its names and addresses alone, signed by itself, no authority', () => {
  const made = makeCertificate(names, now);
  const parsed = new X509Certificate(made.certificate);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.checkHost('odyssey.test')).toBe('odyssey.test');
  expect(parsed.checkHost('other.test')).toBeUndefined();
  for (const address of names.slice(1)) expect(parsed.checkIP(address)).toBeDefined();
  expect(parsed.checkIP('127.0.0.2')).toBeUndefined();
  expect(parsed.ca).toBe(false);
  expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(parsed.validToDate.getTime() / 1000 - now).toBeCloseTo(397 * 86_400, -2);
});

test('it is kept readable by its owner alone, and made anew before it ends or for other names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-tls-'));
  const first = keepCertificate(folder, names, now);
  expect(statSync(join(folder, 'server.key')).mode & 0o777).toBe(0o600);
  expect(keepCertificate(folder, names, now + 86_400).fingerprint).toBe(first.fingerprint);
  expect(keepCertificate(folder, ['new.test'], now).fingerprint).not.toBe(first.fingerprint);
  const later = keepCertificate(folder, ['new.test'], now);
  expect(keepCertificate(folder, ['new.test'], now + 380 * 86_400).fingerprint).not.toBe(later.fingerprint);
  rmSync(folder, { recursive: true });
});

test('our other processes are given the certificate to trust, and not its key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-run-'));
  const made = makeCertificate(['control-plane'], now);
  publishCertificate(folder, made);
  expect(readFileSync(join(folder, 'console.crt'), 'utf8')).toBe(made.certificate);
  expect(readdirSync(folder)).toEqual(['console.crt']);
  // Node loads what it shall trust besides its own list when it starts.
  const trusted = execFileSync(
    process.execPath,
    ['-e', "console.log(require('node:tls').getCACertificates('extra').length)"],
    {
      env: { NODE_EXTRA_CA_CERTS: join(folder, 'console.crt') },
      encoding: 'utf8',
    },
  );
  expect(trusted.trim()).toBe('1');
  rmSync(folder, { recursive: true });
});

test('a server speaks TLS 1.2 and 1.3 with it, and nothing older', async () => {
  const made = makeCertificate(['localhost', '127.0.0.1'], now);
  const serving = await listenForPeople(
    (_, response) => void response.end('hello'),
    { host: '127.0.0.1', port: 0 },
    made,
  );
  const body = await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: serving.port, ca: made.certificate };
    get(options, (response) => response.on('data', (chunk) => resolve(String(chunk)))).on('error', reject);
  });
  expect(body).toBe('hello');
  const old = await new Promise((resolve) => {
    const options = { host: '127.0.0.1', port: serving.port, rejectUnauthorized: false } as const;
    const socket = connect({ ...options, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }, () => resolve('spoken'));
    socket.on('error', () => resolve('refused'));
  });
  expect(old).toBe('refused');
  await serving.close();
});

test.each([
  { host: '127.0.0.1', loopback: true },
  { host: '127.8.8.8', loopback: true },
  { host: '::1', loopback: true },
  { host: 'localhost', loopback: true },
  { host: '0.0.0.0', loopback: false },
  { host: '::', loopback: false },
  { host: '192.168.0.7', loopback: false },
  { host: '127.0.0.1.evil.test', loopback: false },
])('$host is loopback: $loopback', ({ host, loopback }) => {
  expect(isLoopback(host)).toBe(loopback);
});
