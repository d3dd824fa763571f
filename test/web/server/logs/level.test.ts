// The level of a line, as common programs write it; what only looks like one is unknown.
import { expect, test } from 'vitest';
import { levelOf } from '../../../../web/server/logs/level.ts';

test.each([
  ['{"level":"warn","msg":"x"}', 'warn'],
  ['{"level":50,"time":1}', 'error'],
  ['{"level":30}', 'info'],
  ['{"time":1,"severity": "ERROR"}', 'error'],
  ['{"msg":"level=error inside"}', 'unknown'],
  ['time=1 level=warning msg="a"', 'warn'],
  ['ts=1 lvl=dbug', 'unknown'],
  ['ts=1 lvl=dbg', 'debug'],
  ['[ERROR] cannot', 'error'],
  ['2026-11-21 13:00:00.000 [main] WARN  o.a.Something - x', 'warn'],
  ['2026/11/21 13:00:00 [crit] 7#7: oh', 'fatal'],
  ['<info> hello', 'info'],
  ['E1121 13:00:00.000000 1 x.go:1] failed', 'error'],
  ['panic: runtime error', 'fatal'],
  ['warning: deprecated', 'warn'],
  ['ERROR', 'error'],
  ['Traceback (most recent call last):', 'unknown'],
  ['an error occurred', 'unknown'],
  ['GET /error 200', 'unknown'],
  ['INFORMATIVE text', 'unknown'],
  ['', 'unknown'],
])('%s → %s', (text, level) => expect(levelOf(text)).toBe(level));

test('a long line costs no more than its head', () => {
  const started = performance.now();
  for (let i = 0; i < 2_000; i++) levelOf(`${' ['.repeat(32_000)}`);
  expect(performance.now() - started).toBeLessThan(1_000);
});
