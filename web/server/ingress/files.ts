// The files that HAProxy reads: written whole or not at all, and its certificates, looked at before it sees them.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type CertificateFile, isListable } from './certificates.ts';

export interface IngressFiles {
  /** Undefined where there is no such file. */
  read(name: string): string | undefined;
  /** On the disk when it returns, under its name or, after a crash, not at all. Undefined removes it. */
  write(name: string, text: string | undefined): void;
  certificates(): CertificateFile[];
  /** Another text where a certificate came, went or was written anew; cheaper than to look at them. */
  certificateStamp(): string;
}

const certificatesMax = 500;

/** `folder` is HAProxy's /etc/haproxy; it is made when it is first used. What cannot be read or written throws. */
export function ingressFiles(folder: string): IngressFiles {
  const make = () => mkdirSync(join(folder, 'certs'), { recursive: true, mode: 0o700 });
  return {
    read: (name) => readIfThere(join(folder, name)),
    write(name, text) {
      if (text === undefined) return rmSync(join(folder, name), { force: true });
      make();
      const fresh = join(folder, `.${name}.new`);
      const file = openSync(fresh, 'w', 0o600);
      try {
        writeSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, join(folder, name));
      syncFolder(folder);
    },
    certificateStamp() {
      make();
      const names = readdirSync(join(folder, 'certs')).filter((name) => name.endsWith('.pem'));
      return names
        .sort()
        .map((name) => `${name} ${stampOf(join(folder, 'certs', name))}`)
        .join('\n');
    },
    certificates() {
      make();
      const names = readdirSync(join(folder, 'certs')).filter((name) => name.endsWith('.pem'));
      return names
        .sort()
        .slice(0, certificatesMax)
        .map((name) => readCertificate(join(folder, 'certs', name), name));
    },
  };
}

/** Gone in between is a stamp of its own. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.mtimeMs} ${found.size} ${found.ino}`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A name is only there after a crash when its folder was written, too. */
function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** One PEM file with the certificate, those between it and its root, and its key. Nothing of the key is told. */
function readCertificate(path: string, file: string): CertificateFile {
  try {
    const pem = readFileSync(path, 'utf8');
    const certificate = new X509Certificate(pem);
    const key = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+?-----END ([A-Z]+ )?PRIVATE KEY-----/.exec(pem)?.[0];
    if (key === undefined) return { file, kind: 'unusable', reason: 'the file has no private key' };
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return { file, kind: 'unusable', reason: 'the key is not that of the certificate' };
    if (!isListable(file))
      return { file, kind: 'unusable', reason: 'its name may have letters, digits, dots, - and _ alone, 120 at most' };
    return {
      ...{ file, kind: 'usable', fingerprint: certificate.fingerprint256 },
      names: namesOf(certificate),
      notBefore: certificate.validFromDate.toISOString(),
      notAfter: certificate.validToDate.toISOString(),
    };
  } catch {
    // What OpenSSL says may quote the file.
    return { file, kind: 'unusable', reason: 'this is no certificate with its key in PEM, or it cannot be read' };
  }
}

function namesOf({ subjectAltName }: X509Certificate): string[] {
  const names = (subjectAltName ?? '').split(', ').map((entry) => /^(DNS|IP Address):(.+)$/.exec(entry)?.[2]);
  return names.filter((name) => name !== undefined).slice(0, 100);
}
