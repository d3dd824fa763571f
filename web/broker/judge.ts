// Judges a request: which row it is, and what is sent to the engine in its place. On any doubt it is refused.
import { ownNames } from '../../core/contracts/broker.ts';
import { type FramingReason, readFraming } from './framing.ts';
import { type NormaliseReason, normaliseTarget, type Target } from './normalise.ts';
import type { Policy } from './policy.ts';
import type { Row } from './row.ts';
import { parseStrictJson } from './strict-json.ts';
import { registryAuth } from './validate/objects.ts';
import { imageReference, objectName } from './validate/parts.ts';

type Reason =
  | NormaliseReason
  | FramingReason
  | 'http-version'
  | 'not-listed'
  | 'query'
  | 'query-missing'
  | 'no-body-here'
  | 'body-missing'
  | 'body-length'
  | 'body-json'
  | 'body'
  | 'registry-auth';

export interface Refusal {
  kind: 'refused';
  reason: Reason;
  /** The row's call, or the word for all that fits none: it becomes a label. */
  route: string;
  /** For the log and for whoever called: which field, never its value. */
  detail: string;
}

/** A request whose head is accepted: what is sent on, but for the body. */
export interface Accepted {
  kind: 'accepted';
  row: Row;
  path: string;
  bodyBytes: number;
  headers: Readonly<Record<string, string>>;
}

interface Head {
  /** `1.1`; older ones know no Host, or not even headers. */
  httpVersion: string;
  method: string;
  target: string;
  rawHeaders: readonly string[];
}

export type Judge = (head: Head) => Accepted | Refusal;

const noRoute = 'none';

/** The engine's own first path segments: a call that is not listed is counted under its family. */
const families = new Set([
  ...['auth', 'build', 'commit', 'configs', 'containers', 'distribution', 'events', 'exec', 'grpc', 'images', 'info'],
  ...[
    'networks',
    'nodes',
    'plugins',
    'secrets',
    'services',
    'session',
    'swarm',
    'system',
    'tasks',
    'version',
    'volumes',
  ],
]);

function family({ segments }: Target): string {
  const first = segments[0] ?? '';
  return families.has(first) ? `/${first}` : noRoute;
}

export function createJudge(table: readonly Row[], policy: Policy): Judge {
  const routes = table.map((row) => ({ row, match: compile(row.call, policy) }));
  return ({ httpVersion, method, target, rawHeaders }) => {
    if (httpVersion !== '1.1') return refuse('http-version', noRoute, '');
    const normalised = normaliseTarget(method, target);
    if (normalised.kind === 'refused') return refuse(normalised.reason, noRoute, '');
    for (const { row, match } of routes) {
      const path = match(normalised.target);
      if (path !== undefined) return judgeRow(row, row.sentPath ?? path, normalised.target, rawHeaders);
    }
    return refuse('not-listed', family(normalised.target), '');
  };
}

function judgeRow(row: Row, path: string, { query }: Target, rawHeaders: readonly string[]): Accepted | Refusal {
  const framing = readFraming(rawHeaders);
  if (framing.kind === 'refused') return refuse(framing.reason, row.call, '');
  const sent: string[] = [];
  for (const [name, value] of query) {
    const checked = Object.hasOwn(row.query, name) ? row.query[name]!(value) : undefined;
    if (checked === undefined) return refuse('query', row.call, name.slice(0, 64));
    sent.push(`${name}=${encodeURIComponent(checked)}`);
  }
  const absent = row.demanded.find((name) => !query.has(name));
  if (absent !== undefined) return refuse('query-missing', row.call, absent);
  if (row.body === undefined && framing.bodyBytes > 0) return refuse('no-body-here', row.call, '');
  if (row.body !== undefined && framing.bodyBytes === 0) return refuse('body-missing', row.call, '');
  if (framing.bodyBytes > row.bodyBytesMax) return refuse('body-length', row.call, `at most ${row.bodyBytesMax} bytes`);
  const auth = readRegistryAuth(row, framing.registryAuth);
  if (auth === undefined) return refuse('registry-auth', row.call, '');
  return {
    kind: 'accepted',
    row,
    path: sent.length === 0 ? path : `${path}?${sent.join('&')}`,
    bodyBytes: framing.bodyBytes,
    headers: auth,
  };
}

/** The body that is sent on: what the row's validator returned, written anew. */
export function judgeBody(row: Row, bytes: Uint8Array): { kind: 'body'; text: string } | Refusal {
  let parsed: unknown;
  try {
    parsed = parseStrictJson(bytes);
  } catch (error) {
    return refuse('body-json', row.call, error instanceof SyntaxError ? 'this is not JSON' : (error as Error).message);
  }
  const checked = row.body!.safeParse(parsed);
  if (checked.success) return { kind: 'body', text: JSON.stringify(checked.data) };
  const issues = checked.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return refuse('body', row.call, issues.join('; ').slice(0, 600));
}

function refuse(reason: Reason, route: string, detail: string): Refusal {
  return { kind: 'refused', reason, route, detail };
}

/** Read, checked and encoded anew; an empty set of headers where there is none, undefined where it is refused. */
function readRegistryAuth(row: Row, header: string | undefined): Record<string, string> | undefined {
  if (header === undefined) return {};
  if (!row.registryAuth || header.length > 16_384) return undefined;
  try {
    const binary = atob(header.replaceAll('-', '+').replaceAll('_', '/'));
    const parsed = registryAuth.safeParse(parseStrictJson(Uint8Array.from(binary, (letter) => letter.charCodeAt(0))));
    if (!parsed.success) return undefined;
    const bytes = new TextEncoder().encode(JSON.stringify(parsed.data));
    const encoded = btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    return { 'X-Registry-Auth': encoded };
  } catch {
    return undefined; // neither base64 nor unambiguous JSON: refused
  }
}

type Match = (target: Target) => string | undefined;

/** A whole container id, which the engine looks up before any name; the beginning of one could be anybody's. */
const fullId = /^[0-9a-f]{64}$/;

/** What may stand for a placeholder. */
function placeholders(policy: Policy): Readonly<Record<string, (value: string) => boolean>> {
  return {
    '{id}': (value) => objectName.test(value),
    '{image}': (value) => imageReference.test(value),
    '{imageId}': (value) => /^sha256:[0-9a-f]{64}$/.test(value),
    '{container}': (value) => ownNames.container.test(value) || (fullId.test(value) && value !== policy.brokerId),
    '{ownContainer}': (value) => ownNames.container.test(value),
    '{service}': (value) => ownNames.service.test(value),
    '{network}': (value) => ownNames.network.test(value) || policy.networks.includes(value),
    '{ownNetwork}': (value) => ownNames.network.test(value),
    '{volume}': (value) => ownNames.volume.test(value),
    '{secret}': (value) => ownNames.secret.test(value),
  };
}

/** The path that is sent on when the target is this call; a placeholder takes one segment, an image's as many as it has. */
function compile(call: string, policy: Policy): Match {
  const [method, template] = call.split(' ') as [string, string];
  const parts = template.split('/').slice(1);
  const allowed = placeholders(policy);
  const at = parts.findIndex((part) => part.startsWith('{'));
  return ({ method: asked, segments }) => {
    if (asked !== method) return undefined;
    const wide = parts[at] === '{image}' ? segments.length - parts.length + 1 : 1;
    if (wide < 1 || segments.length !== parts.length - 1 + wide) return undefined;
    const before = at < 0 ? parts : parts.slice(0, at);
    if (before.some((part, index) => part !== segments[index])) return undefined;
    if (at < 0) return template;
    const after = parts.slice(at + 1);
    if (after.some((part, index) => part !== segments[at + wide + index])) return undefined;
    const taken = segments.slice(at, at + wide);
    if (!allowed[parts[at]!]!(taken.join('/'))) return undefined;
    return `/${[...before, ...taken.map(encodeURIComponent), ...after].join('/')}`;
  };
}
