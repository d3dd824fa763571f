// An ingress in memory: it does what it is told, every backend has as many servers as the test says, and it can be down.
import type { Applied, IngressPort, IngressReading, IngressRoute, Pointed } from '../../web/server/ingress/port.ts';

export interface FakeIngress extends IngressPort {
  routes: readonly IngressRoute[];
  stable: Map<string, string>;
  /** Servers up of every backend. */
  serversUp: number;
  applied: number;
  down: string | undefined;
  /** Why HAProxy's image cannot be had. */
  lacking: string | undefined;
}

export function fakeIngress(): FakeIngress {
  const fake: FakeIngress = {
    ...{
      routes: [],
      stable: new Map(),
      serversUp: 3,
      applied: 0,
      down: undefined,
      lacking: undefined,
      figures: () => [],
    },
    prepare: () => Promise.resolve(fake.lacking),
    apply(routes): Promise<Applied> {
      if (fake.down !== undefined) return Promise.resolve({ kind: 'failed', reason: fake.down });
      fake.applied += 1;
      fake.routes = routes;
      fake.stable = new Map(
        routes.flatMap(({ deployment, stable }) => (stable === undefined ? [] : [[deployment, stable]])),
      );
      return Promise.resolve({ kind: 'applied', reloaded: true, reading: serving(fake) });
    },
    setStable(deployment, revision): Promise<Pointed> {
      if (fake.down !== undefined) return Promise.resolve({ kind: 'failed', reason: fake.down });
      fake.stable.set(deployment, revision);
      return Promise.resolve({
        kind: 'pointed',
        pointing: { deployment, stable: revision, canary: undefined, share: 0 },
      });
    },
    setCanary: (deployment) =>
      Promise.resolve({ kind: 'pointed', pointing: { deployment, stable: undefined, canary: undefined, share: 0 } }),
    setWeight: (deployment, share) =>
      Promise.resolve({ kind: 'pointed', pointing: { deployment, stable: undefined, canary: undefined, share } }),
    read: (): Promise<IngressReading> =>
      Promise.resolve(fake.down === undefined ? serving(fake) : { kind: 'down', reason: fake.down }),
    untilUp: (deployment, revision, servers) =>
      Promise.resolve(
        fake.serversUp < servers
          ? undefined
          : serving(fake).backends.find((one) => one.deployment === deployment && one.revision === revision),
      ),
  };
  return fake;
}

function serving({ routes, stable, serversUp }: FakeIngress): Extract<IngressReading, { kind: 'serving' }> {
  const none = { sessions: 0, queued: 0, sessionsTotal: 0, requestsTotal: 0, connectErrorsTotal: 0 };
  return {
    ...{ kind: 'serving', version: '3.0.0', current: true, worker: '1', requestsTotal: 0 },
    hosts: new Map(routes.flatMap(({ hosts, deployment }) => hosts.map((host) => [host, deployment] as const))),
    pointings: [...stable].map(([deployment, to]) => ({ deployment, stable: to, canary: undefined, share: 0 })),
    backends: routes.flatMap(({ deployment, revisions }) =>
      revisions.map(({ revision }) => ({
        ...{ deployment, revision, serversUp, down: [], ...none },
        ...{ responseErrorsTotal: 0, retriesTotal: 0, redispatchesTotal: 0 },
      })),
    ),
  };
}
