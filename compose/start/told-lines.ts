// Picks the lines of a process's output that a person is to read now; all the rest goes to its log.

export interface ToldLines {
  take(chunk: Uint8Array): { told: string[]; rest: string };
  /** What came after the last line's end. */
  end(): string;
}

/** A line without an end is held back up to this length. */
const heldMax = 4_096;

/** Chunks may end anywhere, in a line as well as in a character. A told line is not part of the rest: it may be a one-time secret. */
export function createToldLines(pattern: RegExp): ToldLines {
  const decoder = new TextDecoder();
  let held = '';
  return {
    take(chunk) {
      const lines = (held + decoder.decode(chunk, { stream: true })).split('\n');
      held = lines.pop()!;
      const told = lines.filter((line) => pattern.test(line));
      let rest = lines
        .filter((line) => !pattern.test(line))
        .map((line) => `${line}\n`)
        .join('');
      if (held.length > heldMax) {
        rest += held;
        held = '';
      }
      return { told, rest };
    },
    end() {
      const last = held + decoder.decode();
      held = '';
      return last;
    },
  };
}
