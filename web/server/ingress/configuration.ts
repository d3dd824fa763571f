// HAProxy's configuration as a function of the routes. What changes at every deployment stands in maps, so that it needs no reload.
import type { IngressRoute, RoutedRevision } from './port.ts';

export interface ConfigurationPlan {
  /** Checked by `refuseRoutes`: names go into the file as they are. */
  routes: readonly IngressRoute[];
  /** Whether a list of certificates is there; without one nothing listens for TLS. */
  tls: boolean;
  /** Read back by `show info`: tells which file the running worker has read. */
  description: string;
  places: Places;
}

/** Where HAProxy finds its neighbours; all of it as it sees them, inside of its container. */
export interface Places {
  http: number;
  https: number;
  metrics: number;
  /** Docker's own name server: answers `tasks.<service>` with the address of each task. */
  resolver: string;
}

export const containerPlaces: Places = {
  http: 8000,
  https: 8443,
  metrics: 8404,
  resolver: '127.0.0.11:53',
};

export const mapNames = ['hosts', 'stable', 'canary', 'weights'] as const;
export type MapName = (typeof mapNames)[number];

export function mapPath(map: MapName): string {
  return `/etc/haproxy/${map}.map`;
}

/** The name of a backend reads back without doubt: neither part has an underscore. */
export function backendOf(deployment: string, revision: string): string {
  return `be_${deployment}_${revision}`;
}

/** Undefined for a proxy that is no revision's backend. */
export function revisionOf(backend: string): { deployment: string; revision: string } | undefined {
  const [, deployment, revision] = /^be_([a-z0-9-]+)_(r[0-9]+)$/.exec(backend) ?? [];
  return deployment === undefined || revision === undefined ? undefined : { deployment, revision };
}

export function renderConfiguration(plan: ConfigurationPlan): string {
  const { routes, places } = plan;
  const backends = routes.flatMap((route) => route.revisions.map((revision) => renderBackend(route, revision)));
  const parts = [
    '# Written by Odyssey at every change; changes made here are lost.',
    renderGlobal(plan),
    renderResolvers(places),
    ring,
    defaults,
    renderFrontend(plan),
    `frontend metrics
  bind :${places.metrics}
  http-request use-service prometheus-exporter if { path /metrics }
  http-request return status 404`,
    ...backends,
  ];
  return `${parts.join('\n')}\n`;
}

/** A reload starts a worker that knows no address; the state of the servers spares it the time until the first answer of DNS. */
function renderGlobal({ description }: ConfigurationPlan): string {
  return `global
  description ${description}
  stats socket /run/haproxy/admin.sock mode 600 level admin expose-fd listeners
  stats timeout 30s
  maxconn 8000
  hard-stop-after 60s
  server-state-file /etc/haproxy/servers.state
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets`;
}

function renderResolvers({ resolver }: Places): string {
  return `resolvers swarm
  nameserver engine ${resolver}
  accepted_payload_size 8192
  timeout resolve 200ms
  timeout retry 200ms
  hold valid 200ms
  hold obsolete 0s`;
}

/** Four mebibytes hold some 60,000 lines while the control plane starts anew. */
const ring = `ring requests
  format raw
  maxlen 1024
  size 4194304
  timeout connect 2s
  timeout server 10s
  server controller unix@/run/haproxy/requests.sock log-proto octet-count`;

/** `empty-response` may replay what was sent: the frontend allows it only to methods that may be repeated. */
const defaults = `defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 10s
  timeout queue 5s
  timeout http-request 10s
  timeout tunnel 1h
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
  option idle-close-on-response
  load-server-state-from-file global`;

/** The last field, retries, begins with + where another server answered. */
const logFormat = '"r %[var(txn.dep)] %[var(txn.rev)] %ST %Ta %Tr %B %s %tsc %rc"';

function renderFrontend({ routes, tls, places }: ConfigurationPlan): string {
  const lines = [
    'frontend apps',
    `bind :${places.http}`,
    ...(tls ? [`bind :${places.https} ssl crt-list /etc/haproxy/certs.list alpn h2,http/1.1`] : []),
    'log ring@requests format raw local0',
    `log-format ${logFormat}`,
    `http-request set-var(txn.dep) req.hdr(host),field(1,:),lower,map(${mapPath('hosts')})`,
    'http-request return status 404 unless { var(txn.dep) -m found }',
    'http-request disable-l7-retry unless { method GET HEAD OPTIONS }',
    'http-request del-header x-forwarded-for',
    'http-request set-header x-forwarded-for %[src]',
    'http-request set-header x-forwarded-proto https if { ssl_fc }',
    'http-request set-header x-forwarded-proto http unless { ssl_fc }',
    `http-request set-var(txn.stable) var(txn.dep),map(${mapPath('stable')})`,
    `http-request set-var(txn.canary) var(txn.dep),map(${mapPath('canary')})`,
    `http-request set-var(txn.share) var(txn.dep),map_str_int(${mapPath('weights')},0)`,
    'http-request set-var(txn.draw) rand(10000)',
    'http-request set-var(txn.rev) var(txn.stable)',
    'http-request set-var(txn.rev) var(txn.canary) if { var(txn.canary) -m found } { var(txn.draw),sub(txn.share) lt 0 }',
    ...renderSticky(routes),
    'use_backend be_%[var(txn.dep)]_%[var(txn.rev)]',
  ];
  return lines.join('\n  ');
}

/** One line takes 64 words. */
const namesPerLine = 32;

/** A cookie counts only while it names the stable revision or a canary with a share. It is added, as an application sets its own. */
function renderSticky(routes: readonly IngressRoute[]): string[] {
  const names = routes.filter(({ sticky }) => sticky).map(({ deployment }) => deployment);
  if (names.length === 0) return [];
  const lines: string[] = [];
  for (let at = 0; at < names.length; at += namesPerLine)
    lines.push(`acl sticky var(txn.dep) -m str ${names.slice(at, at + namesPerLine).join(' ')}`);
  return [
    ...lines,
    'http-request set-var(txn.cook) req.cook(odyrev) if sticky',
    'http-request set-var(txn.rev) var(txn.cook) if sticky { var(txn.cook),strcmp(txn.stable) eq 0 }',
    'http-request set-var(txn.rev) var(txn.cook) if sticky { var(txn.canary) -m found } { var(txn.cook),strcmp(txn.canary) eq 0 } { var(txn.share) -m int gt 0 }',
    'http-request set-var(txn.give) bool(true) if sticky { var(txn.rev) -m found } !{ var(txn.cook),strcmp(txn.rev) eq 0 }',
    'http-after-response add-header set-cookie "odyrev=%[var(txn.rev)]; Path=/; HttpOnly; SameSite=Lax" if { var(txn.give) -m bool }',
  ];
}

function renderBackend(route: IngressRoute, { revision, service, replicasMax, listens }: RoutedRevision): string {
  const { deployment, hosts } = route;
  const { port, healthPath } = listens ?? route;
  const check =
    healthPath === undefined
      ? []
      : [
          'option httpchk',
          `http-check send meth GET uri ${healthPath} ver HTTP/1.1 hdr Host ${hosts[0] ?? deployment}`,
        ];
  const lines = [
    `backend ${backendOf(deployment, revision)}`,
    'balance leastconn',
    ...check,
    'default-server check inter 1s fall 2 rise 1 observe layer4 error-limit 1 on-error mark-down',
    `server-template s 1-${replicasMax} tasks.${service}:${port} resolvers swarm resolve-prefer ipv4 init-addr last,none`,
  ];
  return lines.join('\n  ');
}
