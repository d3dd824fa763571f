/**
 * Finds a shell that a program is told to start by one of its own arguments: as a word ("flock / /bin/sh"), or inside
 * one (os.execute("/bin/sh"), --eval=%(/bin/sh 1>&2)). The class that GTFOBins calls "shell". A shell that is given a
 * script is ordinary; one that is given nothing waits for a person. Linear: fixed patterns without nested repetition.
 */
import type { Command } from './command.ts';

/** How a started shell looks: bare = interactive, privileged = keeps an effective user id (-p), wired = descriptors joined. */
export type SpawnedShell = 'bare' | 'privileged' | 'wired';

const shellPath = /^(?:\/|(?:\.\.\/)+)(?:usr\/(?:local\/)?)?bin\/(?:ba|da|z|a|k|mk|c|tc|fi)?sh$/;
const shellWord = /^(?:ba|da|z|a|k|mk|c|tc|fi)?sh$/;
const shellFlag = /^(?:-[a-z]{1,4}|--(?:norc|noprofile|login|posix))$/;

/** A shell that is a word of its own, followed by nothing but its flags. `pathOnly` leaves out plain words like "bash". */
export function shellAsWord(command: Command, pathOnly: boolean): SpawnedShell | undefined {
  const { args } = command;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at]!;
    if (!shellPath.test(word) && (pathOnly || !shellWord.test(word))) continue;
    if (takesShellName(args[at - 1])) continue;
    let next = at + 1;
    let isPrivileged = false;
    while (next < args.length && shellFlag.test(args[next]!) && !/c$/.test(args[next]!)) {
      isPrivileged ||= /^-[a-z]*p/.test(args[next]!);
      next += 1;
    }
    if (isPrivileged) return 'privileged';
    if (args[next] === '-c' && joinsDescriptors.test(args[next + 1] ?? '')) return 'wired';
    if (next >= args.length || /^(?:[;+#\\]|\{\}|--)/.test(args[next]!)) return 'bare';
  }
  return undefined;
}

/** Options after which a shell's name is a setting, not something to start. */
function takesShellName(option: string | undefined): boolean {
  return option !== undefined && /^(?:--shell|--default-shell|--login-shell)$/.test(option);
}

const embedded = /\/(?:usr\/(?:local\/)?)?bin\/(?:ba|da|z|a|k|mk|c|tc|fi)?sh(?![\w./*-])/g;
const afterCall =
  /(?:[!`|]|\b(?:exec|system|spawn|popen|e|shell|execute|Popen|call|run)\b[\s(['"]{0,6}|[(=]\s{0,2}['"])((?:ba|da|z|a|k)?sh)(?![\w./*=-])/g;
const joinsDescriptors = /(?<!\d)(?:[01]?[<>]&\d|2>&[02-9])/;
const hitsMax = 64;

/** The strongest shell that a text would start; undefined where it names none, or only as a setting or a script's first line. */
export function shellInText(text: string): SpawnedShell | undefined {
  let best: SpawnedShell | undefined;
  let hits = 0;
  for (const pattern of [embedded, afterCall]) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null && hits < hitsMax; match = pattern.exec(text)) {
      hits += 1;
      const kind = judgeHit(text, pattern === embedded ? match.index : match.index, match.index + match[0].length);
      if (kind === 'privileged' || kind === 'wired') return kind;
      best ??= kind;
    }
  }
  return best;
}

const isSetting = /(?:#!\s?|shell['"]?\s?[=:]\s?['"]?|[\w.\\-])$/i;
const optionLetter = /(?:^|\s)-[A-Za-z]$|(?:\\t|\s)-$/;

function judgeHit(text: string, start: number, end: number): SpawnedShell | undefined {
  const before = text.slice(Math.max(0, start - 16), start);
  if (isSetting.test(before) && !optionLetter.test(before)) return undefined;
  const after = text.slice(end, end + 64);
  if (/^(?:['"]\s?,\s?['"])?\s?-[a-oq-z]{0,3}p\b/.test(after)) return 'privileged';
  if (joinsDescriptors.test(after.split(/[;|\n]/, 1)[0]!)) return 'wired';
  if (/^(?:\s-[a-z]{1,3})?\s?<\s?(?:\$\(tty\)|`tty`|\/dev\/tty)/.test(after)) return 'wired';
  return /^(?:\s-[abd-z]{1,3}){0,4}\s{0,2}(?:$|['"`)\]},;#%|&\\\n]|[<>]@)/.test(after) ? 'bare' : undefined;
}
