// Exports of dashboards as files under the data folder: written whole or not at all, read back before they count, the newest kept.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DashboardExport, dashboardExport, exportId } from '../../../core/contracts/grafana.ts';
import { UserError } from '../user-error.ts';
import { checksumOf } from './keep.ts';

const exportsMax = 20;
const exportBytesMax = 2 ** 25;

export interface ExportStore {
  /** Newest first. */
  list(): { id: string; made: string; dashboards: number; bytes: number }[];
  read(id: string): DashboardExport;
  /** The ids of old exports that went to make room. */
  add(made: DashboardExport): string[];
}

export function createExportStore(folder: string, sha256: (data: Uint8Array) => Uint8Array): ExportStore {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  const ids = () =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .map((name) => name.replace(/\.json$/, ''))
      .filter((id) => exportId.safeParse(id).success)
      .sort()
      .reverse();
  const read = (id: string): DashboardExport => {
    if (!existsSync(pathOf(id))) throw new UserError(404, 'not-found', 'There is no such export; list them again.');
    if (statSync(pathOf(id)).size > exportBytesMax) throw damaged(id);
    const parsed = dashboardExport.safeParse(parse(readFileSync(pathOf(id), 'utf8')));
    if (!parsed.success || parsed.data.checksum !== checksumOf(parsed.data.dashboards, sha256)) throw damaged(id);
    return parsed.data;
  };
  return {
    list: () =>
      ids().map((id) => {
        const { made, dashboards } = read(id);
        return { id, made, dashboards: dashboards.length, bytes: statSync(pathOf(id)).size };
      }),
    read,
    add(made) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${pathOf(made.id)}.partial`, JSON.stringify(made), { mode: 0o600, flush: true });
      renameSync(`${pathOf(made.id)}.partial`, pathOf(made.id));
      read(made.id);
      const old = ids().slice(exportsMax);
      for (const id of old) rmSync(pathOf(id));
      return old;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(id: string): UserError {
  return new UserError(
    409,
    'damaged',
    `The export ${id} is damaged: its checksum or its shape is wrong. Use another one.`,
  );
}
