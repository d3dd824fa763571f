// A deployment and its revisions as tests need them: whole, with what matters given.
import { type RevisionSpec, revisionSpec } from '../../../../core/contracts/deployment-spec.ts';
import type { Deployment, Revision } from '../../../../web/server/deployments/store.ts';

export function spec(change: object = {}): RevisionSpec {
  return revisionSpec.parse({ image: 'shop:1', port: 8080, ...change });
}

export function deployment(change: Partial<Deployment> = {}): Deployment {
  return {
    ...{
      name: 'shop',
      environment: 'e',
      stable: 2,
      previous: 1,
      stopped: false,
      removing: false,
      restarts: 0,
      created: 0,
    },
    settings: { replicas: 3, hosts: ['shop.test'], sticky: false, keepRevisions: 2, warmSeconds: 3_600 },
    ...change,
  };
}

export function revision(number: number, change: Partial<Revision> = {}): Revision {
  return {
    ...{
      deployment: 'shop',
      number,
      spec: spec(),
      service: `shop-r${number}`,
      pinned: `sha256:${number}`,
      specHash: `h${number}`,
    },
    ...{ author: 'p', created: 0, result: 'done', reason: '', seconds: 1, warmUntil: 0, pruned: false },
    ...change,
  };
}
