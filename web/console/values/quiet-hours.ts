// Quiet hours in words, and as a form changes them.
import type { NotificationSettings } from '../../../core/contracts/notifications.ts';

export type QuietHours = NotificationSettings['quietHours'];
type Span = QuietHours['spans'][number];
type Day = Span['days'][number];

/** In the order of the week; the contract's own list is a value, and its schema with it. */
export const days: readonly { day: Day; short: string }[] = [
  { day: 'monday', short: 'Mon' },
  { day: 'tuesday', short: 'Tue' },
  { day: 'wednesday', short: 'Wed' },
  { day: 'thursday', short: 'Thu' },
  { day: 'friday', short: 'Fri' },
  { day: 'saturday', short: 'Sat' },
  { day: 'sunday', short: 'Sun' },
];

/** As many as the server takes. */
export const spansMax = 14;

/** One more span, a night on every day; the first takes the zone of whoever adds it, where none was chosen. */
export function addSpan(quiet: QuietHours, zoneHere: string): QuietHours {
  if (quiet.spans.length >= spansMax) return quiet;
  const timeZone = quiet.spans.length === 0 && quiet.timeZone === 'UTC' ? zoneHere : quiet.timeZone;
  const night: Span = { days: days.map(({ day }) => day), from: '22:00', to: '07:00' };
  return { timeZone, spans: [...quiet.spans, night] };
}

export function removeSpan(quiet: QuietHours, place: number): QuietHours {
  return { ...quiet, spans: quiet.spans.filter((_, at) => at !== place) };
}

export function editSpan(quiet: QuietHours, place: number, change: Partial<Span>): QuietHours {
  return { ...quiet, spans: quiet.spans.map((span, at) => (at === place ? { ...span, ...change } : span)) };
}

/** The days with this one in or out, in the order of the week. */
export function toggleDay(span: Span, day: Day): Day[] {
  const chosen = span.days.includes(day) ? span.days.filter((one) => one !== day) : [...span.days, day];
  return days.map((one) => one.day).filter((one) => chosen.includes(one));
}

/** "22:00–07:00 the day after, Mon, Tue" */
export function sayQuietSpan({ days: chosen, from, to }: Span): string {
  const named = days.filter(({ day }) => chosen.includes(day)).map(({ short }) => short);
  const when = named.length === 7 ? 'every day' : named.length === 0 ? 'on no day' : `on ${named.join(', ')}`;
  return `${from}–${to}${to < from ? ' the day after' : ''}, ${when}`;
}

/** What the server would refuse, told while it is written; undefined for a span that holds. */
export function faultOfSpan({ days: chosen, from, to }: Span): string | undefined {
  if (chosen.length === 0) return 'Choose at least one day, or remove these hours.';
  if (from === '' || to === '') return 'Give both times.';
  return from === to ? 'The end has to differ from the start.' : undefined;
}
