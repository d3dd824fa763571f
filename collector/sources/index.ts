// The list of what the collector reads; a new source is one file beside this one and one line here.
import type { Source } from '../source.ts';
import { loadavg } from './loadavg.ts';

/** What sources need to be told; everything else they ask of the machine. */
export interface SourceOptions {
  /** Names asked of every name server. */
  dnsNames: readonly string[];
  /** Folder with *.prom files; empty for none. */
  textfileDirectory: string;
}

export function createSources(_options: SourceOptions): Source[] {
  return [loadavg];
}
