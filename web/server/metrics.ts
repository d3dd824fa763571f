// What the control plane says about itself on /metrics: calls by route and status, and how the audit log does.
import { counter, gauge, type Metric, type Sample, sample } from '../../core/contracts/sample.ts';
import { renderExposition } from '../../core/lib/promtext.ts';

export const metrics: readonly Metric[] = [
  counter('odyssey_http_requests_total', 'Calls of the API by route and status.'),
  counter('odyssey_http_request_seconds_total', 'Time spent on answering calls of the API.'),
  gauge('odyssey_audit_records', 'Records in the audit log.'),
  gauge('odyssey_audit_writable', '1 while acts can be recorded; at 0 nothing is changed.'),
  gauge('odyssey_live_sockets', 'Pages that watch live.'),
  counter('odyssey_live_dropped_total', 'Live values that a newer one replaced before they could be sent.'),
  counter('odyssey_live_cut_total', 'Pages that were cut, by reason.'),
  gauge('odyssey_audit_anchored_records', 'Records that a witness outside has a signed checkpoint of.'),
];

interface HubFigures {
  sockets: number;
  droppedTotal: number;
  cutTotal: Readonly<Record<string, number>>;
}

export interface AuditHealth {
  records: number | undefined;
  writable: boolean;
  anchored: readonly { target: string; size: number }[];
}

/** Counts calls. Routes and statuses are those of the declared table, so the number of series has an end. */
export class HttpMetrics {
  private readonly calls = new Map<
    string,
    { method: string; route: string; status: string; count: number; seconds: number }
  >();

  count(route: { method: string; path: string }, status: number, seconds: number): void {
    const key = `${route.method} ${route.path} ${status}`;
    let call = this.calls.get(key);
    if (call === undefined) {
      call = { method: route.method, route: route.path, status: String(status), count: 0, seconds: 0 };
      this.calls.set(key, call);
    }
    call.count += 1;
    call.seconds += seconds;
  }

  render({ records, writable, anchored }: AuditHealth, live: HubFigures): string {
    const samples: Sample[] = [];
    for (const { method, route, status, count, seconds } of this.calls.values()) {
      samples.push(sample('odyssey_http_requests_total', count, { method, route, status }));
      samples.push(sample('odyssey_http_request_seconds_total', seconds, { method, route, status }));
    }
    samples.push(sample('odyssey_live_sockets', live.sockets), sample('odyssey_live_dropped_total', live.droppedTotal));
    for (const [reason, count] of Object.entries(live.cutTotal))
      samples.push(sample('odyssey_live_cut_total', count, { reason }));
    if (records !== undefined) samples.push(sample('odyssey_audit_records', records));
    samples.push(sample('odyssey_audit_writable', writable ? 1 : 0));
    for (const { target, size } of anchored) samples.push(sample('odyssey_audit_anchored_records', size, { target }));
    return renderExposition(metrics, samples);
  }
}
