// All that HAProxy shall find in its folder for a set of routes, and the mark by which the worker that has read it is known.
import { type CertificateFile, certificateMark, renderCertificateList } from './certificates.ts';
import { mapNames, type Places, renderConfiguration } from './configuration.ts';
import { type MapTexts, mapsOf, renderMap } from './maps.ts';
import type { IngressRoute } from './port.ts';

const configurationFile = 'haproxy.cfg';
const certificateFile = 'certs.list';

export interface WantedFiles {
  /** Another one needs a reload: backends, what they need, or a certificate have changed. */
  description: string;
  maps: MapTexts;
  /** By name, the configuration last: what it refers to is there before it. Undefined: there shall be no such file. */
  texts: ReadonlyMap<string, string | undefined>;
}

/** `markOf` gives a short text that only the same text gets. */
export function wantedFiles(
  routes: readonly IngressRoute[],
  certificates: readonly CertificateFile[],
  places: Places,
  markOf: (text: string) => string,
): WantedFiles {
  const list = renderCertificateList(certificates);
  const plan = { routes, tls: list !== undefined, places };
  const description = markOf(renderConfiguration({ ...plan, description: '' }) + certificateMark(certificates));
  const maps = mapsOf(routes);
  const texts = new Map<string, string | undefined>([
    ...mapNames.map((map): [string, string] => [`${map}.map`, renderMap(maps[map])]),
    [certificateFile, list],
    [configurationFile, renderConfiguration({ ...plan, description })],
  ]);
  return { description, maps, texts };
}
