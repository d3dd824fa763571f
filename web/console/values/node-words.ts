// The swarm's nodes in words: what state one is in, what that means, its labels as text and back.
import type { NodeView } from '../../../core/contracts/nodes.ts';
import type { Meaning } from './meaning.ts';

export function sayNode({ state, availability, reachability }: NodeView): string {
  const words = [state];
  if (availability !== 'active') words.push(availability === 'drain' ? 'drained' : 'paused');
  if (reachability === 'unreachable') words.push('unreachable');
  return words.join(', ');
}

export function meaningOfNode({ state, availability, reachability }: NodeView): Meaning {
  if (state === 'down' || state === 'disconnected' || reachability === 'unreachable') return 'critical';
  if (state !== 'ready') return 'unknown';
  return availability === 'active' ? 'ok' : 'notice';
}

export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

/** One `name=value` a line; undefined with the first line that is none. */
export function parseLabels(text: string): { labels: Record<string, string> } | { wrong: string } {
  const labels: Record<string, string> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const fit = /^([\w.-]{1,63})=(.{0,256})$/.exec(line);
    if (fit === null) return { wrong: line };
    labels[fit[1]!] = fit[2]!;
  }
  return { labels };
}
