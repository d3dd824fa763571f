// Where a request ends and what may come with it, judged from its raw headers alone.

export type Framing =
  | { kind: 'framed'; bodyBytes: number; registryAuth: string | undefined }
  | { kind: 'refused'; reason: FramingReason };
export type FramingReason =
  | 'chunked'
  | 'content-length'
  | 'header-duplicate'
  | 'upgrade'
  | 'expect'
  | 'encoded-body'
  | 'content-type';

/** Headers that decide something; each may stand once. All others are ignored and never sent on. */
const deciding = new Set([
  'content-length',
  'transfer-encoding',
  'content-type',
  'content-encoding',
  'connection',
  'upgrade',
  'expect',
  'host',
  'trailer',
  'te',
  'x-registry-auth',
]);

/**
 * Reads name, value, name, value … as they came. A body is announced by exactly one Content-Length of plain digits: with chunks, two
 * lengths, trailers or an upgrade two readers may disagree where the message ends, so those are refused.
 */
export function readFraming(rawHeaders: readonly string[]): Framing {
  const found = new Map<string, string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!deciding.has(name)) continue;
    if (found.has(name)) return refused(name === 'content-length' ? 'content-length' : 'header-duplicate');
    found.set(name, rawHeaders[at + 1]!);
  }
  if (found.has('transfer-encoding') || found.has('trailer')) return refused('chunked');
  if (found.has('upgrade') || /upgrade/i.test(found.get('connection') ?? '')) return refused('upgrade');
  if (found.has('expect')) return refused('expect');
  if (found.has('content-encoding')) return refused('encoded-body');
  const length = found.get('content-length') ?? '0';
  if (!/^\d{1,9}$/.test(length)) return refused('content-length');
  const bodyBytes = Number(length);
  if (bodyBytes > 0 && !/^application\/json(; *charset=utf-8)?$/i.test(found.get('content-type') ?? '')) {
    return refused('content-type');
  }
  return { kind: 'framed', bodyBytes, registryAuth: found.get('x-registry-auth') };
}

function refused(reason: FramingReason): Framing {
  return { kind: 'refused', reason };
}
