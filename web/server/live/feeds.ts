// What is sent live: the overview, the machine's latest values, and how the audit log grows.
import { liveValues } from '../../../core/contracts/live.ts';
import { fetchJson } from '../watch/fetch-json.ts';
import type { MachinePorts } from '../watch/machine.ts';
import { type OverviewPorts, readOverview } from '../watch/overview.ts';
import type { Feed } from './hub.ts';

export function createFeeds(ports: OverviewPorts & MachinePorts, auditSize: () => number): Feed[] {
  return [
    { topic: 'overview', everySeconds: 5, read: () => readOverview(ports) },
    {
      topic: 'live',
      everySeconds: 1,
      read: async () =>
        liveValues.parse(
          await fetchJson(`${ports.collector}/v1/live`, ports.http, { token: ports.token('collector') }),
        ),
    },
    { topic: 'audit', everySeconds: 2, onChange: true, read: async () => ({ size: auditSize() }) },
  ];
}
