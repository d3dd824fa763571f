// What a request really asks for: method, path segments and query, read once and unambiguously, or refused.

export interface Target {
  method: 'GET' | 'POST' | 'DELETE';
  /** Decoded, without the version prefix, without empty and dot segments. */
  segments: readonly string[];
  query: ReadonlyMap<string, string>;
}

/** A refusal's reason is one of a fixed list: it becomes a label. */
export type Normalised = { kind: 'target'; target: Target } | { kind: 'refused'; reason: NormaliseReason };
export type NormaliseReason =
  | 'method'
  | 'target-form'
  | 'target-length'
  | 'target-encoding'
  | 'target-characters'
  | 'query-encoding'
  | 'query-duplicate';

const targetLengthMax = 8_192;
const methods = new Set<string>(['GET', 'POST', 'DELETE']);

/**
 * Reads a request line. Normalising is done before any matching, and the request that is sent on is built anew from what this returns,
 * so the engine cannot read the line otherwise than the matcher did.
 * Percent-encoding is undone once; what then still looks encoded, or hides a slash, a NUL or a dot segment, is refused.
 */
export function normaliseTarget(method: string, target: string): Normalised {
  if (!methods.has(method)) return refused('method');
  if (target.length > targetLengthMax) return refused('target-length');
  // Absolute form (http://…), authority form and `*` are for proxies; a fragment never travels in a request.
  if (!target.startsWith('/')) return refused('target-form');
  if (!/^[!-~]*$/.test(target) || /[#\\;]/.test(target)) return refused('target-characters');
  const mark = target.indexOf('?');
  const segments = readSegments(mark < 0 ? target : target.slice(0, mark));
  if (segments === undefined) return refused('target-encoding');
  const query = readQuery(mark < 0 ? '' : target.slice(mark + 1));
  if (typeof query === 'string') return refused(query);
  return { kind: 'target', target: { method: method as Target['method'], segments: withoutVersion(segments), query } };
}

function refused(reason: NormaliseReason): Normalised {
  return { kind: 'refused', reason };
}

function readSegments(path: string): string[] | undefined {
  const segments: string[] = [];
  for (const raw of path.split('/')) {
    const segment = decode(raw);
    if (segment === undefined || /[/\\%?#]/.test(segment)) return undefined;
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return segments;
}

/** The API's version prefix is left out: every engine answers unversioned paths with its own latest version. */
function withoutVersion(segments: string[]): string[] {
  return /^v1\.\d{1,2}$/.test(segments[0] ?? '') ? segments.slice(1) : segments;
}

function readQuery(text: string): Map<string, string> | 'query-encoding' | 'query-duplicate' {
  const query = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode((equals < 0 ? '' : pair.slice(equals + 1)).replaceAll('+', ' '));
    if (name === undefined || value === undefined || !/^[A-Za-z-]+$/.test(name)) return 'query-encoding';
    if (query.has(name)) return 'query-duplicate';
    query.set(name, value);
  }
  return query;
}

/** Percent-decoding, once; undefined where it is broken, not UTF-8 or hides a control character. */
function decode(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text);
    return /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}
