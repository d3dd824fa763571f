// Certificates of the ingress: files that people put into a folder. Only what HAProxy can load is listed for it, so that no file stops it.

export type CertificateFile =
  | {
      file: string;
      kind: 'usable';
      /** SHA-256 of the certificate. */
      fingerprint: string;
      names: readonly string[];
      notBefore: string;
      notAfter: string;
    }
  | { file: string; kind: 'unusable'; reason: string };

/** Nothing else in a name: it stands in a line of its own, between words. */
export function isListable(file: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.pem$/.test(file);
}

/** HAProxy's list, one file a line, or undefined where none is usable. The first is shown to whoever asks for no name it knows. */
export function renderCertificateList(certificates: readonly CertificateFile[]): string | undefined {
  const lines = certificates
    .filter(({ kind, file }) => kind === 'usable' && isListable(file))
    .map(({ file }) => `/etc/haproxy/certs/${file}\n`);
  return lines.length === 0 ? undefined : lines.join('');
}

/** What tells that a file was replaced by another: it is part of what a reload is for. */
export function certificateMark(certificates: readonly CertificateFile[]): string {
  return certificates.map((one) => `${one.file} ${one.kind === 'usable' ? one.fingerprint : ''}\n`).join('');
}
