// What HAProxy answers on its sockets, read: its figures as CSV, what it says about itself, and how a reload ended.
import { backendOf, revisionOf } from './configuration.ts';
import type { BackendReading } from './port.ts';

/** `show info` as one `Name: value` a line. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) found.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  return found;
}

/** The rows of `show stat` by the names of its head; a row with too few fields is no row. Fields in quotes may hold commas. */
export function parseStat(text: string): Record<string, string>[] {
  const [head, ...rows] = text.split('\n').filter((line) => line !== '');
  if (head === undefined || !head.startsWith('# ')) throw new Error('this is no answer of show stat');
  const names = head.slice(2).split(',');
  return rows.map((row) => {
    const fields = splitRow(row);
    if (fields.length < names.length - 1) throw new Error('a row of show stat is cut off');
    return Object.fromEntries(names.map((name, at) => [name, fields[at] ?? '']));
  });
}

function splitRow(row: string): string[] {
  if (!row.includes('"')) return row.split(',');
  return [...row.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) =>
    field!.startsWith('"') ? field!.slice(1, -1).replaceAll('""', '"') : field!,
  );
}

/** Backends of revisions; a server without an address, waiting for a task, is neither up nor down. */
export function backendsOf(rows: readonly Record<string, string>[]): BackendReading[] {
  const servers = Map.groupBy(
    rows.filter(({ svname }) => svname !== 'BACKEND' && svname !== 'FRONTEND'),
    ({ pxname }) => pxname!,
  );
  return rows.flatMap((row) => {
    const of = row['svname'] === 'BACKEND' ? revisionOf(row['pxname']!) : undefined;
    if (of === undefined) return [];
    return [readBackend(row, of, servers.get(backendOf(of.deployment, of.revision)) ?? [])];
  });
}

function readBackend(
  row: Record<string, string>,
  of: { deployment: string; revision: string },
  servers: readonly Record<string, string>[],
): BackendReading {
  const placed = servers.filter(({ status, addr }) => addr !== '' && !status!.startsWith('MAINT'));
  const isUp = ({ status }: Record<string, string>) => status!.startsWith('UP') || status === 'no check';
  return {
    ...of,
    serversUp: placed.filter(isUp).length,
    down: placed
      .filter((server) => !isUp(server))
      .map(({ svname, addr, status, check_status, last_chk }) => ({
        server: svname!,
        address: addr!,
        reason: [status, check_status, last_chk].filter((text) => text !== '').join(' '),
      })),
    sessions: count(row, 'scur'),
    queued: count(row, 'qcur'),
    sessionsTotal: count(row, 'stot'),
    requestsTotal: count(row, 'req_tot'),
    connectErrorsTotal: count(row, 'econ'),
    responseErrorsTotal: count(row, 'eresp'),
    retriesTotal: count(row, 'wretr'),
    redispatchesTotal: count(row, 'wredis'),
  };
}

/** Of the frontend that people's requests come in by. */
export function requestsOf(rows: readonly Record<string, string>[]): number {
  const row = rows.find(({ pxname, svname }) => pxname === 'apps' && svname === 'FRONTEND');
  if (row === undefined) throw new Error('show stat has no frontend of people');
  return count(row, 'req_tot');
}

function count(row: Record<string, string>, name: string): number {
  const value = Number(row[name]);
  if (row[name] === undefined || row[name] === '' || !Number.isFinite(value))
    throw new Error(`show stat gives no ${name} of ${row['pxname']}`);
  return value;
}

/** The sessions, of `show sess all`, that carry the request log: those of the ring, whose frontend has its name. */
export function logSessionsOf(text: string): string[] {
  const found = text.matchAll(/^(0x[0-9a-f]{1,16}): [^\n]*\n[^\n]*\n\s+frontend=requests /gm);
  return [...found].map(([, session]) => session!);
}

export type ReloadAnswer = { kind: 'loaded' } | { kind: 'refused'; reason: string } | { kind: 'unknown' };

/** The master answers `Success=1` or `Success=0`, a line of dashes and what was said at the start; HAProxy before 2.7 says nothing. */
export function parseReload(text: string): ReloadAnswer {
  const outcome = /^Success=([01])/m.exec(text)?.[1];
  if (outcome === undefined) return { kind: 'unknown' };
  if (outcome === '1') return { kind: 'loaded' };
  const said = text.split('\n').filter((line) => /\[(ALERT|ERROR)\]/.test(line));
  const reason = said.slice(0, 3).join(' ').replace(/\s+/g, ' ').slice(0, 500);
  return { kind: 'refused', reason: reason === '' ? 'HAProxy gave no reason' : reason };
}
