// The swarm's nodes in words, and their labels as text and back.
import { expect, test } from 'vitest';
import type { NodeView } from '../../../../core/contracts/nodes.ts';
import { formatLabels, meaningOfNode, parseLabels, sayNode } from '../../../../web/console/values/node-words.ts';

const node = { state: 'ready', availability: 'active', reachability: 'reachable' } as NodeView;

test.each([
  { more: {}, meaning: 'ok', words: 'ready' },
  { more: { availability: 'drain' }, meaning: 'notice', words: 'ready, drained' },
  { more: { availability: 'pause' }, meaning: 'notice', words: 'ready, paused' },
  { more: { state: 'down' }, meaning: 'critical', words: 'down' },
  { more: { state: 'unknown' }, meaning: 'unknown', words: 'unknown' },
  { more: { reachability: 'unreachable' }, meaning: 'critical', words: 'ready, unreachable' },
] as const)('$words: $meaning', ({ more, meaning, words }) => {
  expect([meaningOfNode({ ...node, ...more }), sayNode({ ...node, ...more })]).toEqual([meaning, words]);
});

test.each([
  ['zone=a\n\n disk=ssd=fast ', { labels: { zone: 'a', disk: 'ssd=fast' } }],
  ['', { labels: {} }],
  ['zone', { wrong: 'zone' }],
  ['z one=a', { wrong: 'z one=a' }],
])('labels %j', (text, parsed) => {
  expect(parseLabels(text)).toEqual(parsed);
  if ('labels' in parsed) expect(parseLabels(formatLabels(parsed.labels as Record<string, string>))).toEqual(parsed);
});
