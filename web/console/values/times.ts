// Times and durations as people say them; every function is given the time it speaks of.

/** "12 s", "4 min", "3 h", "2 d": one unit, rounded down. */
export function sayDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3_600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** "12 s old"; what is not known has no age. */
export function sayAge(atSeconds: number | null | undefined, nowSeconds: number): string {
  if (atSeconds === null || atSeconds === undefined) return 'age unknown';
  return `${sayDuration(nowSeconds - atSeconds)} old`;
}

/** "3 min ago", "in 2 h". */
export function sayWhen(atSeconds: number, nowSeconds: number): string {
  const away = nowSeconds - atSeconds;
  if (Math.abs(away) < 1) return 'now';
  return away > 0 ? `${sayDuration(away)} ago` : `in ${sayDuration(-away)}`;
}

/** "2027-01-15 08:00:12" where the person is; the zone stands apart. */
export function sayMoment(atSeconds: number, zone?: string): string {
  here ??= momentsOf(undefined);
  return (zone === undefined ? here : momentsOf(zone)).format(atSeconds * 1000);
}

/** "14:30 (in 2 h)", with the day where it is not within one; what has ended, "14:30, just now". */
export function sayEnd(atSeconds: number, nowSeconds: number, zone?: string): string {
  const away = atSeconds - nowSeconds;
  const moment = away < 86_400 ? sayClock(atSeconds, false, zone) : sayMoment(atSeconds, zone).slice(0, 16);
  return away > 0 ? `${moment} (in ${sayDuration(away)})` : `${moment}, just now`;
}

/** The other way: what a field for date and time holds, in this person's zone; undefined where it says no time. */
export function readMoment(text: string): number | undefined {
  const milliseconds = new Date(text).getTime();
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : undefined;
}

/** Kept: making one costs as much as a hundred moments, and every axis says several of them. */
let here: Intl.DateTimeFormat | undefined;

function momentsOf(zone: string | undefined): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    ...(zone === undefined ? {} : { timeZone: zone }),
  });
}

/** "14:03"; with seconds where minutes are too coarse. */
export function sayClock(atSeconds: number, withSeconds = false, zone?: string): string {
  const moment = sayMoment(atSeconds, zone);
  return withSeconds ? moment.slice(11) : moment.slice(11, 16);
}
