// Where the control plane keeps its things under the data folder.
import { join } from 'node:path';

export interface DataFiles {
  folder: string;
  control: string;
  audit: string;
  auditKey: string;
  /** Exports of Grafana's dashboards. */
  dashboards: string;
  /** Held by the one program that writes. */
  lock: string;
  /** Where a restore is being put together; it is there only while one has not ended. */
  restoring: string;
}

export function dataFiles(dataFolder: string): DataFiles {
  const folder = join(dataFolder, 'control');
  return {
    folder,
    control: join(folder, 'odyssey.db'),
    audit: join(folder, 'audit.db'),
    auditKey: join(folder, 'audit.key'),
    dashboards: join(dataFolder, 'dashboards'),
    lock: join(dataFolder, 'control.lock'),
    restoring: join(dataFolder, 'control.restoring'),
  };
}
