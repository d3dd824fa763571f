// Keeping dashboards that people edited: takes all of them out of Grafana, and puts them back, each read back before it counts as there.
import { z } from 'zod';
import {
  type DashboardExport,
  dashboardUid,
  type GrafanaDashboard,
  grafanaDashboard,
  type KeptDashboard,
  type RestoreAnswer,
} from '../../../core/contracts/grafana.ts';
import type { Identity } from '../identity.ts';
import { UserError } from '../user-error.ts';

/** One call to Grafana's API as a person; undefined where Grafana says that there is no such thing. */
export type AskGrafana = (
  who: Identity,
  call: { method: 'GET' | 'POST'; path: string; body?: unknown },
) => Promise<unknown>;

export interface KeepPorts {
  ask: AskGrafana;
  sha256(data: Uint8Array): Uint8Array;
}

const dashboardsMax = 500;

const found = z.array(z.looseObject({ uid: dashboardUid })).max(dashboardsMax);
const got = z.looseObject({
  dashboard: grafanaDashboard,
  meta: z.looseObject({
    folderUid: z.string().default(''),
    folderTitle: z.string().default(''),
    provisioned: z.boolean().default(false),
    version: z.int().nonnegative().default(0),
  }),
});

/** Every dashboard that the person may see. */
export async function takeOut(ports: KeepPorts, who: Identity): Promise<KeptDashboard[]> {
  const listed = await ports.ask(who, { method: 'GET', path: `/api/search?type=dash-db&limit=${dashboardsMax}` });
  const kept: KeptDashboard[] = [];
  for (const { uid } of understood(found, listed)) {
    const one = await read(ports, who, uid);
    if (one === undefined) continue; // deleted between the list and now
    const { folderUid, folderTitle, provisioned, version } = one.meta;
    const folder = folderUid === '' ? null : { uid: folderUid, title: folderTitle };
    kept.push({ folder, version, provisioned, dashboard: one.dashboard });
  }
  return kept;
}

export function checksumOf(dashboards: DashboardExport['dashboards'], sha256: KeepPorts['sha256']): string {
  const bytes = sha256(new TextEncoder().encode(JSON.stringify(dashboards)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Puts dashboards back one after the other; one that fails stops no other. */
export async function putBack(
  ports: KeepPorts,
  who: Identity,
  kept: readonly Pick<KeptDashboard, 'folder' | 'dashboard'>[],
): Promise<RestoreAnswer> {
  const answer: RestoreAnswer = { restored: [], failed: [] };
  for (const one of kept) {
    const { uid } = one.dashboard;
    try {
      await putOne(ports, who, one);
      answer.restored.push(uid);
    } catch (error) {
      answer.failed.push({ uid, reason: (error as Error).message.slice(0, 300) });
    }
  }
  return answer;
}

async function putOne(
  ports: KeepPorts,
  who: Identity,
  { folder, dashboard }: Pick<KeptDashboard, 'folder' | 'dashboard'>,
) {
  if (folder !== null) await ensureFolder(ports, who, folder);
  const saved = await ports.ask(who, {
    method: 'POST',
    path: '/api/dashboards/db',
    body: {
      dashboard: { ...dashboard, id: null },
      ...(folder === null ? {} : { folderUid: folder.uid }),
      overwrite: true,
      message: 'Put back by Odyssey',
    },
  });
  if (saved === undefined) throw new Error('Grafana does not take dashboards at this address.');
  const now = await read(ports, who, dashboard.uid);
  if (now === undefined || essence(now.dashboard) !== essence(dashboard))
    throw new Error('Grafana took it, and what it gives back differs.');
}

async function ensureFolder(ports: KeepPorts, who: Identity, { uid, title }: { uid: string; title: string }) {
  if ((await ports.ask(who, { method: 'GET', path: `/api/folders/${encodeURIComponent(uid)}` })) !== undefined) return;
  await ports.ask(who, { method: 'POST', path: '/api/folders', body: { uid, title } });
}

async function read(ports: KeepPorts, who: Identity, uid: string) {
  const answer = await ports.ask(who, { method: 'GET', path: `/api/dashboards/uid/${encodeURIComponent(uid)}` });
  return answer === undefined ? undefined : understood(got, answer);
}

function understood<T extends z.ZodType>(schema: T, answer: unknown): z.infer<T> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new UserError(
    502,
    'grafana-strange',
    'Grafana answered in a shape that is not known. Is its version one that we name?',
  );
}

const list = z.array(z.record(z.string(), z.unknown())).catch([]);

/**
 * What a dashboard shows: its title, its panels with their queries, its variables. Grafana fills in defaults, renumbers saves and brings an
 * old schema up to date while it keeps a dashboard, so that the whole text says nothing.
 */
function essence(dashboard: GrafanaDashboard): string {
  const variables = z.looseObject({ list }).catch({ list: [] }).parse(dashboard['templating']).list;
  return JSON.stringify([
    dashboard.title,
    panelsIn(dashboard['panels']),
    variables.map(({ name, query }) => [name, inOrder(query)]),
  ]);
}

/** Rows hold panels of their own while they are folded. */
function panelsIn(panels: unknown): unknown[] {
  return list
    .parse(panels)
    .flatMap(({ type, title, targets, panels: folded }) => [
      [type, title, list.parse(targets).map(({ refId, expr, query }) => [refId, expr, inOrder(query)])],
      ...panelsIn(folded),
    ]);
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
