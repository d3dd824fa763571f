// Which headers pass between a browser and Grafana. Towards Grafana only those of a list: what is not known to be needed is dropped.
import { grafanaRoot } from '../../../core/contracts/grafana.ts';

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Names nobody, carries no cookie and no credential: X-WEBAUTH-* in any spelling, Authorization, Cookie, Forwarded and X-Forwarded-*
 * and every hop-by-hop header are not on it.
 */
const towardsGrafana: ReadonlySet<string> = new Set([
  ...[
    'accept',
    'accept-encoding',
    'accept-language',
    'cache-control',
    'content-length',
    'content-type',
    'content-encoding',
  ],
  ...['if-match', 'if-modified-since', 'if-none-match', 'range', 'user-agent', 'x-requested-with'],
  ...['x-cache-skip', 'x-dashboard-title', 'x-dashboard-uid', 'x-datasource-uid', 'x-grafana-device-id'],
  ...['x-panel-id', 'x-panel-plugin-id', 'x-panel-title', 'x-plugin-id', 'x-query-group-id'],
]);

/** Not of the end-to-end message (RFC 9110, 7.6.1), or not Grafana's to say on this origin. */
const keptBack: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'set-cookie', 'set-cookie2', 'clear-site-data', 'www-authenticate', 'server'],
  ...['strict-transport-security', 'alt-svc', 'x-powered-by', 'content-security-policy', 'location', 'refresh'],
  ...[
    'x-frame-options',
    'cross-origin-opener-policy',
    'cross-origin-resource-policy',
    'origin-agent-cluster',
    'service-worker-allowed',
  ],
]);

export function headersForGrafana(asked: Headers, own: Readonly<Record<string, string>>): Record<string, string> {
  const named = namedByConnection(asked['connection']);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked)) {
    const lower = name.toLowerCase();
    if (typeof value === 'string' && towardsGrafana.has(lower) && !named.has(lower)) kept[lower] = value;
  }
  return { ...kept, ...own };
}

/** Headers of Grafana's answer that go on to the browser. */
export function headersForBrowser(answered: Headers): Record<string, string | string[]> {
  const named = namedByConnection(answered['connection']);
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answered)) {
    const lower = name.toLowerCase();
    const dropped = keptBack.has(lower) || lower.startsWith('access-control-') || named.has(lower);
    if (value !== undefined && !dropped) kept[lower] = typeof value === 'string' ? value : [...value];
  }
  return kept;
}

function namedByConnection(value: string | readonly string[] | undefined): ReadonlySet<string> {
  const text = typeof value === 'string' ? value : (value ?? []).join(',');
  return new Set(text.split(',').map((name) => name.trim().toLowerCase()));
}

/**
 * What a page of Grafana may do on our origin: run its own scripts, which evaluate expressions, and speak to this origin alone. Where
 * Grafana sends a policy of its own, both hold, and its nonce decides which inline script runs.
 */
const ownPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "frame-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');

export function policies(answered: Headers): string[] {
  const theirs = answered['content-security-policy'];
  const list = typeof theirs === 'string' ? [theirs] : [...(theirs ?? [])];
  return [ownPolicy, ...list.filter((policy) => policy.trim() !== '').slice(0, 4)];
}

/** Where a redirect of Grafana's leads on our origin; undefined when it leads anywhere but below its own root. */
export function placeOf(location: string, upstream: string): string | undefined {
  const base = new URL(upstream);
  const target = URL.canParse(location, `${base.origin}${grafanaRoot}/`)
    ? new URL(location, `${base.origin}${grafanaRoot}/`)
    : undefined;
  if (target === undefined || target.origin !== base.origin) return undefined;
  const place = `${target.pathname}${target.search}${target.hash}`;
  return target.pathname === grafanaRoot || target.pathname.startsWith(`${grafanaRoot}/`) ? place : undefined;
}
