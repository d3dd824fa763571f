/**
 * What is read of a command line that is longer than any person writes: its head, its tail, and a window around each
 * tell-tale word between them, so that padding hides nothing. One pass over the text (indexOf-like), the rest is bounded.
 */

const headChars = 32_768;
const tailChars = 16_384;
const windowChars = 1_024;
const windowsMax = 16;

/** Words that hardly any honest text has. */
const telling =
  /\/dev\/(?:tcp|udp)\/|stratum\+|\/bin\/(?:ba|da|z|k)?sh|authorized_keys|\/etc\/(?:shadow|sudoers|ld\.so|cron)|base64|socket|xmrig|mkfifo/g;

export interface Readable {
  text: string;
  /** Characters that were passed over. */
  omitted: number;
}

/** The part of text that rules look at: at most 64 KiB, cut at fixed places so that equal texts give equal parts. */
export function readable(text: string): Readable {
  if (text.length <= headChars + tailChars) return { text, omitted: 0 };
  const tailStart = text.length - tailChars;
  const parts = [text.slice(0, headChars)];
  telling.lastIndex = headChars;
  for (let windows = 0; windows < windowsMax; windows += 1) {
    const hit = telling.exec(text);
    if (hit === null || hit.index >= tailStart) break;
    const from = Math.max(headChars, hit.index - windowChars);
    parts.push(text.slice(from, hit.index + windowChars));
    telling.lastIndex = hit.index + windowChars;
  }
  parts.push(text.slice(tailStart));
  const kept = parts.join('\n');
  return { text: kept, omitted: Math.max(0, text.length - kept.length) };
}

/** The first and the last of a list that is too long to look at whole. */
export function ends<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  const tail = most >> 2;
  return [...list.slice(0, most - tail), ...list.slice(list.length - tail)];
}

const commandsMax = 320;

/**
 * The commands that are looked at of a script that has too many: each different one once, of those the first, the last,
 * and between them the ones with a tell-tale word. Rules compare commands with one another, so their number is bounded.
 */
export function selection<T extends { program: string; joined: string; redirects: readonly { target: string }[] }>(
  commands: readonly T[],
): readonly T[] {
  if (commands.length <= commandsMax) return commands;
  const different = new Map<string, T>();
  for (const each of commands) {
    different.set(`${each.program} ${each.joined} ${each.redirects.map(({ target }) => target).join(' ')}`, each);
  }
  const all = [...different.values()];
  if (all.length <= commandsMax) return all;
  const [head, tail] = [commandsMax >> 1, commandsMax >> 2];
  const middle: T[] = [];
  for (const each of all.slice(head, -tail)) {
    if (middle.length < commandsMax >> 2 && isTelling(each)) middle.push(each);
  }
  return [...all.slice(0, head), ...middle, ...all.slice(-tail)];
}

function isTelling({
  program,
  joined,
  redirects,
}: {
  program: string;
  joined: string;
  redirects: readonly { target: string }[];
}): boolean {
  telling.lastIndex = 0;
  return telling.test(`${program} ${joined} ${redirects.map(({ target }) => target).join(' ')}`);
}
