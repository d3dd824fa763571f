// Certificates from files: only what HAProxy can load is listed for it, and no word of a key is told.
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { certificateMark, renderCertificateList } from '../../../../web/server/ingress/certificates.ts';
import { ingressFiles } from '../../../../web/server/ingress/files.ts';
import { makeCertificate } from '../../../../web/server/tls/certificate.ts';

const now = 1_800_000_000;
const folder = mkdtempSync(join(tmpdir(), 'ody-certs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('files are looked at: good ones are listed by name, others with a reason', () => {
  const files = ingressFiles(folder);
  expect(files.certificates()).toEqual([]);
  const [shop, blog] = [makeCertificate(['shop.test'], now), makeCertificate(['blog.test'], now)];
  const put = (name: string, text: string) => writeFileSync(join(folder, 'certs', name), text);
  put('shop.pem', shop.certificate + shop.key);
  put('mixed.pem', shop.certificate + blog.key);
  put('bare.pem', shop.certificate);
  put('noise.pem', 'noise');
  put('notes.txt', 'not a certificate');
  put('two words.pem', blog.certificate + blog.key);
  mkdirSync(join(folder, 'certs', 'folder.pem'));
  const found = files.certificates();
  expect(found.map(({ file, kind }) => [file, kind])).toEqual([
    ['bare.pem', 'unusable'],
    ['folder.pem', 'unusable'],
    ['mixed.pem', 'unusable'],
    ['noise.pem', 'unusable'],
    ['shop.pem', 'usable'],
    ['two words.pem', 'unusable'],
  ]);
  const fingerprint = new X509Certificate(shop.certificate).fingerprint256;
  expect(found[4]).toMatchObject({ names: ['shop.test'], fingerprint, notAfter: expect.stringMatching(/^\d{4}-/) });
  expect(JSON.stringify(found)).not.toContain('PRIVATE');
  expect(renderCertificateList(found)).toBe('/etc/haproxy/certs/shop.pem\n');
  expect(renderCertificateList(found.slice(0, 4))).toBeUndefined();
});

test('another certificate in the same file is another mark', () => {
  const files = ingressFiles(folder);
  const before = certificateMark(files.certificates());
  const other = makeCertificate(['shop.test'], now);
  writeFileSync(join(folder, 'certs/shop.pem'), other.certificate + other.key);
  expect(certificateMark(files.certificates())).not.toBe(before);
});

test('a file is written whole, read back, and gone when it is removed', () => {
  const files = ingressFiles(folder);
  expect(files.read('a.map')).toBeUndefined();
  files.write('a.map', 'x 1\n');
  files.write('a.map', 'x 2\n');
  expect(files.read('a.map')).toBe('x 2\n');
  files.write('a.map', undefined);
  files.write('a.map', undefined);
  expect(files.read('a.map')).toBeUndefined();
});
