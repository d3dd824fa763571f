// Exports of Grafana's dashboards: made, listed, downloaded, and put back, whole or one at a time.
import { z } from 'zod';
import { list } from '../../../core/contracts/api.ts';
import {
  dashboardExport,
  dashboardUid,
  exportId,
  exportSummary,
  grafanaState,
  restoreAnswer,
  restoreBody,
} from '../../../core/contracts/grafana.ts';
import { type Route, route } from '../http/route.ts';
import type { FetchPorts } from '../watch/fetch-json.ts';
import { createAskGrafana } from './api.ts';
import { checksumOf, type KeepPorts, putBack, takeOut } from './keep.ts';
import { createExportStore, type ExportStore } from './store.ts';

export interface GrafanaPorts {
  grafanaUrl: string;
  http: FetchPorts;
  exportFolder: string;
  sha256(data: Uint8Array): Uint8Array;
  randomId(): string;
  unixSeconds(): number;
}

const params = z.strictObject({ export: exportId });
const choice = z.strictObject({ uids: z.array(dashboardUid).min(1).max(500).optional() });

export function grafanaRoutes(ports: GrafanaPorts): Route[] {
  const store = createExportStore(ports.exportFolder, ports.sha256);
  const keep = { ask: createAskGrafana(ports.grafanaUrl, ports.http), sha256: ports.sha256 };
  return [stateRoute(ports), ...exportRoutes(ports, keep, store), ...restoreRoutes(keep, store)];
}

function stateRoute({ grafanaUrl }: GrafanaPorts): Route {
  return route({
    method: 'get',
    path: '/grafana',
    access: 'watch:read',
    summary: 'Whether Grafana is configured; what it shows is at /grafana, beside the API',
    answer: grafanaState,
    handle: () => ({ configured: grafanaUrl !== '' }),
  });
}

function exportRoutes(ports: GrafanaPorts, keep: KeepPorts, store: ExportStore): Route[] {
  return [
    route({
      method: 'post',
      path: '/grafana/exports',
      access: 'dashboard:keep',
      status: 201,
      summary: 'Take all dashboards out of Grafana and keep them as one export',
      answer: exportSummary,
      act: { action: 'dashboard:export', subject: () => 'grafana' },
      async handle({ identity, record }) {
        const dashboards = await takeOut(keep, identity);
        const made = new Date(ports.unixSeconds() * 1000).toISOString();
        const id = `${made.slice(0, 19).replace(/[-:]/g, '')}Z-${ports.randomId()}`;
        const checksum = checksumOf(dashboards, ports.sha256);
        const forgotten = store.add({ format: 'odyssey-dashboards-1', id, made, checksum, dashboards });
        record({ export: id, dashboards: dashboards.length, forgotten });
        return store.list().find((one) => one.id === id)!;
      },
    }),
    route({
      method: 'get',
      path: '/grafana/exports',
      access: 'dashboard:keep',
      summary: 'Exports that are kept, newest first',
      answer: list(exportSummary),
      handle: () => ({ items: store.list() }),
    }),
    route({
      method: 'get',
      path: '/grafana/exports/:export',
      access: 'dashboard:keep',
      summary: 'An export with its dashboards, to be kept elsewhere',
      params,
      answer: dashboardExport,
      handle: ({ params: { export: id } }) => store.read(id),
    }),
  ];
}

function restoreRoutes(keep: KeepPorts, store: ExportStore): Route[] {
  return [
    route({
      method: 'post',
      path: '/grafana/exports/:export/restore',
      access: 'dashboard:keep',
      summary: 'Put the dashboards of an export back, all or those named; each is read back',
      params,
      body: choice,
      answer: restoreAnswer,
      act: {
        action: 'dashboard:restore',
        subject: ({ export: id }) => `export/${id}`,
        detail: ({ uids }) => ({ uids: uids ?? 'all' }),
      },
      async handle({ identity, params: { export: id }, body: { uids }, record }) {
        const kept = store.read(id).dashboards;
        const chosen = uids === undefined ? kept : kept.filter(({ dashboard: { uid } }) => uids.includes(uid));
        const answer = await putBack(keep, identity, chosen);
        const absent = (uids ?? []).filter((uid) => !chosen.some(({ dashboard }) => dashboard.uid === uid));
        answer.failed.push(...absent.map((uid) => ({ uid, reason: 'It is not in this export.' })));
        record({ restored: answer.restored.length, failed: answer.failed.length });
        return answer;
      },
    }),
    route({
      method: 'post',
      path: '/grafana/dashboards',
      access: 'dashboard:keep',
      summary: 'Put one dashboard back from its JSON; it is read back',
      body: restoreBody,
      answer: restoreAnswer,
      act: { action: 'dashboard:upload', subject: (_, { dashboard: { uid } }) => `dashboard/${uid}` },
      async handle({ identity, body, record }) {
        const answer = await putBack(keep, identity, [body]);
        record({ restored: answer.restored.length, failed: answer.failed.length });
        return answer;
      },
    }),
  ];
}
