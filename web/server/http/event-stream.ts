// Server-sent events as text: one name, one line of JSON, and where a reader goes on after it was cut off.

export interface StreamEvent {
  event: string;
  data: unknown;
  id?: string;
}

/** JSON has no line breaks of its own, so one `data:` line holds all of it. */
export function formatEvent({ event, data, id }: StreamEvent): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** What a reader says it had last; anything that is no plain word is none. */
export function readLastEventId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,64}$/.test(header) ? header : undefined;
}
