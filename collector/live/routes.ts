// The two routes of /v1, both behind the collector's bearer token: redacted processes, and the latest values.
import { setImmediate } from 'node:timers/promises';
import { type Handler, json } from '../../core/runtime/http.ts';
import type { Machine } from '../source.ts';
import { behindToken } from '../token.ts';
import type { Pause, Snapshots } from './snapshots.ts';
import type { Viewer } from './viewer.ts';

/** Lets waiting requests be answered between two slices of a snapshot. */
export const pause: Pause = () => setImmediate();

export function createRoutes(
  token: string,
  machine: Machine,
  { snapshots, viewer }: { snapshots: Snapshots; viewer: Viewer },
): Record<'/v1/processes' | '/v1/live', Handler> {
  return {
    '/v1/processes': behindToken(token, async (query) => {
      const page = await snapshots.page(machine, query.get('cursor') ?? undefined);
      return page === undefined
        ? json(410, { title: 'That snapshot is gone; ask again without a cursor.', status: 410 })
        : json(200, page);
    }),
    '/v1/live': behindToken(token, () => json(200, viewer.look())),
  };
}
