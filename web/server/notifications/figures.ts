// What notifications say of themselves on /metrics.
import type { Applied } from '../../../core/contracts/notifications.ts';
import { counter, gauge, type Metric, type Sample, sample } from '../../../core/contracts/sample.ts';
import { renderExposition } from '../../../core/lib/promtext.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { QueueCounts } from './queue.ts';

export const notificationMetrics: readonly Metric[] = [
  gauge('odyssey_notifications_pending', 'Messages that wait to be delivered.'),
  counter('odyssey_notifications_total', 'Attempts to deliver, by kind of receiver and what they came to.'),
  counter('odyssey_notifications_full_total', 'Messages that were not taken because the queue was full.'),
  gauge('odyssey_notification_settings_applied', '1 while Alertmanager runs on the settings that were saved.'),
  gauge('odyssey_watchdog_timestamp_seconds', 'When the watchdog last came through Alertmanager; absent until it has.'),
  gauge(
    'odyssey_heartbeat_up',
    '1 while the monitor outside hears from us, 0 while it does not; absent where there is none.',
  ),
  gauge('odyssey_heartbeat_timestamp_seconds', 'When the monitor outside last heard from us.'),
];

export interface NotificationFigures {
  pending: number;
  counts: QueueCounts;
  applied: Applied;
  heartbeat: Pick<Heartbeat, 'up' | 'lastSeconds'>;
}

export function renderNotificationFigures({ pending, counts, applied, heartbeat }: NotificationFigures): string {
  const samples: Sample[] = [
    sample('odyssey_notifications_pending', pending),
    sample('odyssey_notifications_full_total', counts.fullTotal),
    sample('odyssey_notification_settings_applied', applied.state === 'applied' ? 1 : 0),
  ];
  for (const { kind, outcome, count } of counts.ended.values())
    samples.push(sample('odyssey_notifications_total', count, { kind, outcome }));
  const { watchdogSeconds } = counts;
  if (watchdogSeconds !== undefined) samples.push(sample('odyssey_watchdog_timestamp_seconds', watchdogSeconds));
  if (heartbeat.up !== undefined) samples.push(sample('odyssey_heartbeat_up', heartbeat.up ? 1 : 0));
  if (heartbeat.lastSeconds !== undefined)
    samples.push(sample('odyssey_heartbeat_timestamp_seconds', heartbeat.lastSeconds));
  return renderExposition(notificationMetrics, samples);
}
