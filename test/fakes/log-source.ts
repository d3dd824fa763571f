// A source of log lines that a test writes: it keeps a past as the engine does, and streams can be broken.
import type { LogRecord } from '../../web/server/engine/objects.ts';
import type { LogOptions } from '../../web/server/engine/port.ts';
import type { LogSource } from '../../web/server/logs/source.ts';

export interface WrittenSource extends LogSource {
  opened: LogOptions[];
  /** Milliseconds since the epoch; the line is printed now. */
  print(milliseconds: number, text: string, more?: Partial<LogRecord>): void;
  /** Ends every open stream, as a restart of the engine does. */
  breakStreams(): void;
}

/** The engine counts the lines of each task by itself. */
function lastOfEach<T extends { record: LogRecord }>(known: readonly T[], tail: number): T[] {
  const counts = new Map<string, number>();
  const kept = known.toReversed().filter(({ record: { task = '' } }) => {
    counts.set(task, (counts.get(task) ?? 0) + 1);
    return counts.get(task)! <= tail;
  });
  return kept.reverse();
}

export function writtenSource(name: string): WrittenSource {
  const past: { seconds: number; record: LogRecord }[] = [];
  const wakers: (() => void)[] = [];
  let broken = 0;
  const wake = () => {
    for (const waker of wakers.splice(0)) waker();
  };
  const source: WrittenSource = {
    ...{ name, opened: [], replicaOf: (task) => `${name}.${task}` },
    async *open(options, signal) {
      source.opened.push(options);
      const generation = broken;
      const known = past.filter(({ seconds }) => options.since === undefined || seconds >= options.since);
      for (const { record } of lastOfEach(known, options.tail)) yield record;
      for (let at = past.length; options.follow; ) {
        if (signal.aborted) return;
        if (generation !== broken) throw new Error('the stream broke');
        if (at < past.length) yield past[at++]!.record;
        else
          await new Promise<void>((resolve) => {
            wakers.push(resolve);
            signal.addEventListener('abort', () => resolve());
          });
      }
    },
    print(milliseconds, text, more = {}) {
      const time = `${new Date(milliseconds).toISOString().slice(0, -1)}000001Z`;
      past.push({
        seconds: milliseconds / 1000,
        record: { stream: 'stdout', time, task: '1', text, ends: true, cut: false, ...more },
      });
      wake();
    },
    breakStreams() {
      broken++;
      wake();
    },
  };
  return source;
}
