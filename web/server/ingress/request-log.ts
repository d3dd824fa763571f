// The request log as it arrives: frames `<length> <line>` of a stream that is cut anywhere, and what one line says.

/** One request; HAProxy writes the line when it has ended. */
export interface LoggedRequest {
  deployment: string;
  revision: string;
  /** -1: no answer was sent. */
  status: number;
  /** From the first byte of the request to the last of the answer, whole milliseconds. */
  milliseconds: number;
  retries: number;
}

export interface LineCounts {
  /** Counted for a revision. */
  counted: number;
  /** Of no revision: an unknown host, or a deployment that does not serve yet. */
  unrouted: number;
  /** Not understood and dropped. */
  malformed: number;
}

/** HAProxy's `maxlen` and room for what it adds. */
const lineLengthMax = 4_096;

/**
 * Frames of RFC 6587, octet counting. Feed it chunks of ASCII as they come; every whole line is told. One pass, nothing is copied but the
 * rest of a chunk, of at most one line. False: this is no such stream, and nothing that follows can be trusted.
 */
export function createFrameReader(onLine: (line: string) => void): (chunk: string) => boolean {
  let rest = '';
  return (chunk) => {
    const text = rest === '' ? chunk : rest + chunk;
    let at = 0;
    for (;;) {
      const space = text.indexOf(' ', at);
      if (space < 0) break;
      const length = readLength(text, at, space);
      if (length === undefined) return false;
      const end = space + 1 + length;
      if (end > text.length) break;
      onLine(text.slice(space + 1, end));
      at = end;
    }
    rest = at === 0 ? text : text.slice(at);
    return rest.length <= lineLengthMax + 5;
  };
}

function readLength(text: string, from: number, to: number): number | undefined {
  if (to === from || to - from > 4) return undefined;
  let length = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    length = length * 10 + digit;
  }
  return length > 0 && length <= lineLengthMax ? length : undefined;
}

export type ParsedLine =
  | { kind: 'request'; request: LoggedRequest }
  /** A host that leads nowhere, or a deployment without a revision that serves. */
  | { kind: 'unrouted' }
  | { kind: 'malformed' };

const malformed: ParsedLine = { kind: 'malformed' };
const unrouted: ParsedLine = { kind: 'unrouted' };
const deploymentName = /^[a-z0-9][a-z0-9-]{0,39}$/;
const revisionName = /^r[0-9]{1,6}$/;

/** `r <deployment> <revision> <status> <Ta ms> <Tr ms> <bytes> <server> <termination> <retries>` */
export function parseLogLine(line: string): ParsedLine {
  const fields = line.trimEnd().split(' ');
  if (fields.length !== 10 || fields[0] !== 'r') return malformed;
  const status = Number(fields[3]);
  const milliseconds = Number(fields[4]);
  // A + before the retries says that another server answered.
  const retries = Number(fields[9]!.startsWith('+') ? fields[9]!.slice(1) : fields[9]);
  if (!isStatus(status) || !isCount(milliseconds, -1) || !isCount(retries, 0)) return malformed;
  const [, deployment, revision] = fields as [string, string, string];
  if (deployment === '-' || revision === '-') return unrouted;
  if (!deploymentName.test(deployment) || !revisionName.test(revision)) return malformed;
  return { kind: 'request', request: { deployment, revision, status, milliseconds, retries } };
}

function isStatus(status: number): boolean {
  return status === -1 || (Number.isInteger(status) && status >= 100 && status <= 599);
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}
