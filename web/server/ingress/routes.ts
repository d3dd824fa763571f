// What people may read of the ingress: who answers, how well, and until when its certificates hold.
import { list } from '../../../core/contracts/api.ts';
import { certificateView, ingressView } from '../../../core/contracts/ingress.ts';
import { type Route, route } from '../http/route.ts';
import { holds } from '../identity.ts';
import type { CertificateFile } from './certificates.ts';
import { type IngressFacts, viewCertificate, viewIngress } from './view.ts';

export interface IngressRoutePorts {
  facts(): Promise<IngressFacts>;
  certificates(): readonly CertificateFile[];
}

export function ingressRoutes({ facts, certificates }: IngressRoutePorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/ingress',
      access: 'ingress:read',
      summary: 'Whether HAProxy serves, which revision answers for each deployment, and how fast',
      answer: ingressView,
      async handle({ identity }) {
        const found = await facts();
        const seen = found.routes.filter(({ environment }) => holds(identity, 'environment:read', environment));
        return viewIngress({ ...found, routes: seen });
      },
    }),
    route({
      method: 'get',
      path: '/ingress/certificates',
      access: 'certificate:read',
      summary: 'Certificates of the ingress with their names and expiry; keys are never told',
      answer: list(certificateView),
      handle: () => ({ items: certificates().map(viewCertificate) }),
    }),
  ];
}
