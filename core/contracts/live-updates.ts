// Live updates over socket.io at the path /live: what a page may watch and what it is sent.
import { z } from 'zod';
import type { Permission } from './access.ts';

/** The permission that each topic needs. */
export const liveTopics = {
  /** The overview, every 5 seconds. */
  overview: 'watch:read',
  /** Latest values of the machine, every second while somebody looks. */
  live: 'watch:read',
  /** Size of the audit log when it has grown. */
  audit: 'audit:read',
} as const satisfies Record<string, Permission>;

export type LiveTopic = keyof typeof liveTopics;

/** What a page sends as `watch`; it replaces what was watched before. The answer has the topics that are refused. */
export const watchMessage = z.strictObject({ topics: z.array(z.string().max(32)).max(16) });
export interface WatchAnswer {
  watching: LiveTopic[];
  refused: string[];
}

/** What a page is sent as `updates`, to be acknowledged; `dropped` counts values that newer ones replaced before they could be sent. */
export interface LiveUpdate {
  topic: LiveTopic;
  value: unknown;
  dropped: number;
}
