// What a page says of itself, so that rail, palette and router know it before its code is loaded.
import type { Component } from 'svelte';
import type { Permission } from '../../../core/contracts/access.ts';
import { matchPath, type Params } from '../state/match.ts';

/** In the order of the rail. */
export const groups = ['Watch', 'Run', 'Machine', 'Trust'] as const;

export interface Page {
  /** `/containers/:instance/:name`; what begins with a colon reaches the page as `params`. */
  path: string;
  title: string;
  /** Without it, everybody who is signed in may see the page. */
  permission?: Permission;
  /** Only pages with a group and an icon stand in the rail; the others open from where they belong. */
  group?: (typeof groups)[number];
  icon?: Component<{ size?: number | string }>;
  load(): Promise<{ default: Component<{ params: Params }> | Component }>;
}

export function findPage(pages: readonly Page[], path: string): { page: Page; params: Params } | undefined {
  for (const page of pages) {
    const params = matchPath(page.path, path);
    if (params !== undefined) return { page, params };
  }
  return undefined;
}
