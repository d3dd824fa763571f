// What people see of the ingress: the routes that were asked for beside what HAProxy says of them.
import type { z } from 'zod';
import type { certificateView, ingressView } from '../../../core/contracts/ingress.ts';
import type { CertificateFile } from './certificates.ts';
import type { RecentFigures } from './figures.ts';
import type { BackendReading, IngressReading, IngressRoute } from './port.ts';
import type { LineCounts } from './request-log.ts';

type View = z.infer<typeof ingressView>;

export interface IngressFacts {
  routes: readonly IngressRoute[];
  reading: IngressReading;
  ports: { http: number; https: number };
  lines: LineCounts;
  recent(deployment: string, revision: string): RecentFigures;
}

/** Nothing of what cannot be read now is told as zero. */
export function viewIngress({ routes, reading, ports, lines, recent }: IngressFacts): View {
  const serving = reading.kind === 'serving' ? reading : undefined;
  const backends = new Map(serving?.backends.map((one) => [`${one.deployment} ${one.revision}`, one]));
  return {
    state: serving ? 'serving' : routes.length === 0 ? 'idle' : 'down',
    reason: reading.kind === 'down' && routes.length > 0 ? reading.reason : null,
    version: serving?.version ?? null,
    current: serving?.current ?? null,
    ports: { ...ports },
    lines: { ...lines },
    deployments: routes.map(({ deployment, environment, hosts, sticky, revisions }) => {
      const pointing = serving?.pointings.find((one) => one.deployment === deployment);
      return {
        ...{ deployment, environment, sticky, hosts: [...hosts] },
        stable: pointing?.stable ?? null,
        canary: pointing?.canary ?? null,
        share: serving === undefined ? null : (pointing?.share ?? 0),
        revisions: revisions.map(({ revision }) => ({
          revision,
          ...serversOf(backends.get(`${deployment} ${revision}`)),
          recent: recent(deployment, revision),
        })),
      };
    }),
  };
}

function serversOf(backend: BackendReading | undefined) {
  return { serversUp: backend?.serversUp ?? null, down: backend === undefined ? [] : [...backend.down] };
}

export function viewCertificate(found: CertificateFile): z.infer<typeof certificateView> {
  if (found.kind === 'unusable')
    return { file: found.file, names: [], notBefore: null, notAfter: null, fingerprint: null, problem: found.reason };
  const { file, names, notBefore, notAfter, fingerprint } = found;
  return { file, names: [...names], notBefore, notAfter, fingerprint, problem: null };
}
