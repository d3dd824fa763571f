// The files of a set of routes: maps before the configuration that names them, and a mark that changes only with what needs a reload.
import { expect, test } from 'vitest';
import type { CertificateFile } from '../../../../web/server/ingress/certificates.ts';
import { containerPlaces } from '../../../../web/server/ingress/configuration.ts';
import { wantedFiles } from '../../../../web/server/ingress/wanted-files.ts';
import { hexOf, routeOf } from './rig.ts';

const certificate = (fingerprint: string): CertificateFile => ({
  ...{ file: 'shop.pem', kind: 'usable', fingerprint, names: ['shop.test'], notBefore: '', notAfter: '' },
});
const route = routeOf({ taskPort: 80 });
const wanted = (change: object = {}, certificates: CertificateFile[] = []) =>
  wantedFiles([{ ...route, ...change }], certificates, containerPlaces, hexOf);

test('maps, certificates, configuration, in this order', () => {
  const { texts, description } = wanted();
  expect([...texts.keys()]).toEqual([
    ...['hosts.map', 'stable.map', 'canary.map', 'weights.map', 'certs.list', 'haproxy.cfg'],
  ]);
  expect(texts.get('stable.map')).toBe('shop r1\n');
  expect(texts.get('certs.list')).toBeUndefined();
  expect(texts.get('haproxy.cfg')).toContain(`description ${description}\n`);
});

test.each([
  { given: 'a share', change: { canary: { revision: 'r2', share: 100 } }, same: true },
  { given: 'a promotion', change: { stable: 'r2' }, same: true },
  { given: 'a host', change: { hosts: ['other.test'], healthPath: undefined }, same: false },
  { given: 'a replica more', change: { revisions: [{ ...route.revisions[0]!, replicasMax: 9 }] }, same: false },
])('after $given the mark is the same: $same', ({ change, same }) => {
  expect(wanted(change).description === wanted().description).toBe(same);
});

test('a certificate, and another in its place, are other marks', () => {
  const marks = [wanted(), wanted({}, [certificate('A')]), wanted({}, [certificate('B')])].map(
    ({ description }) => description,
  );
  expect(new Set(marks).size).toBe(3);
});
