// Cursors of list pages: opaque to the caller, checked when they come back.
import type { z } from 'zod';
import { UserError } from '../user-error.ts';

/** A place in a list, as text for the next call. */
export function encodeCursor(place: string | number): string {
  return btoa(encodeURIComponent(JSON.stringify(place))).replaceAll('=', '');
}

/** The place that a cursor stands for, or the fallback without one. Throws a UserError for anything not made here. */
export function decodeCursor<T extends z.ZodType<string | number>>(
  cursor: string | undefined,
  schema: T,
  fallback: z.infer<T>,
): z.infer<T> {
  if (cursor === undefined) return fallback;
  try {
    return schema.parse(JSON.parse(decodeURIComponent(atob(cursor))));
  } catch (cause) {
    const error = new UserError(400, 'bad-cursor', 'This cursor is not of this list; start again without one.');
    error.cause = cause;
    throw error;
  }
}
