// Reads the level out of a log line, in the forms that programs commonly write it; what cannot be told stays unknown.
import type { LogLevel } from '../../../core/contracts/logs.ts';

const words: Readonly<Record<string, LogLevel>> = {
  ...{ trace: 'debug', trc: 'debug', debug: 'debug', dbg: 'debug', verbose: 'debug' },
  ...{ info: 'info', inf: 'info', notice: 'info', information: 'info', log: 'info' },
  ...{ warn: 'warn', warning: 'warn', wrn: 'warn' },
  ...{ error: 'error', err: 'error', severe: 'error' },
  ...{ fatal: 'fatal', ftl: 'fatal', panic: 'fatal', critical: 'fatal', crit: 'fatal', emerg: 'fatal', alert: 'fatal' },
};

/** Only the beginning is read: a level stands there, and a line may have 64 KB. */
const headLength = 512;

/** `"level":"warn"`, `"severity": "ERROR"`, `"level":50` (pino, bunyan). */
const jsonLevel = /"(?:level|severity|lvl|log\.level|levelname)"\s*:\s*(?:"([A-Za-z]+)"|(\d{2}))/;
/** `level=warn`, `lvl=eror` */
const pairLevel = /(?:^|\s)(?:level|lvl|severity)=["']?([A-Za-z]+)/;
/** `[WARN]`, `<error>`, `WARN:`, `2026-11-21 … ERROR …`: a word in capitals or set apart, among the first. */
const bracketed = /[[<(|]\s*([A-Za-z]{3,11})\s*[\]>)|]/;
const capital =
  /(?:^|[\s:])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|PANIC|CRITICAL|SEVERE)(?=[\s:,\]|]|$)/;
const leading = /^\s*([A-Za-z]{4,8}):\s/;
/** klog: `E1121 13:00:00.000000`. */
const klog = /^([DIWEF])\d{4} \d{2}:\d{2}:/;
const klogLevels: Readonly<Record<string, LogLevel>> = { D: 'debug', I: 'info', W: 'warn', E: 'error', F: 'fatal' };

/** The stream is no hint: many programs write everything to standard error. */
export function levelOf(text: string): LogLevel {
  const head = text.slice(0, headLength);
  if (head.startsWith('{')) {
    const [, word, number] = jsonLevel.exec(head) ?? [];
    if (number !== undefined) return numbered(Number(number));
    if (word !== undefined) return named(word);
    return 'unknown';
  }
  const klogged = klog.exec(head)?.[1];
  if (klogged !== undefined) return klogLevels[klogged]!;
  for (const form of [pairLevel, bracketed, leading, capital]) {
    const level = named(form.exec(head)?.[1] ?? '');
    if (level !== 'unknown') return level;
  }
  return 'unknown';
}

function named(word: string): LogLevel {
  const small = word.toLowerCase();
  return Object.hasOwn(words, small) ? words[small]! : 'unknown';
}

function numbered(level: number): LogLevel {
  if (level < 30) return 'debug';
  if (level < 40) return 'info';
  if (level < 50) return 'warn';
  return level < 60 ? 'error' : 'fatal';
}
