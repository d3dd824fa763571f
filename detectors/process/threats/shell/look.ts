// Questions that rules ask of a command: which letters it was given, what it writes, what it sends away.
import type { Command } from './command.ts';
import { elevating, shells } from './runners.ts';

/** True where an argument of the command matches. */
export function anyArg(command: Command, pattern: RegExp): boolean {
  return command.args.some((arg) => pattern.test(arg));
}

/** True where a cluster of single letters ("-lvnp") has all the letters given. */
export function hasLetters(command: Command, letters: string): boolean {
  let given = '';
  for (const arg of command.args) if (/^-[A-Za-z0-9]{1,12}$/.test(arg)) given += arg.slice(1);
  return [...letters].every((letter) => given.includes(letter));
}

export function named(command: Command, names: ReadonlySet<string>): boolean {
  return names.has(command.name);
}

export function isElevated(command: Command): boolean {
  return command.under.some((name) => elevating.has(name));
}

export function isShell(command: Command): boolean {
  return shells.has(command.name);
}

const outputs = /^(?:>|>>|>\||&>|&>>|<>|>&)$/;

/** Files that a command writes: redirections, and what tee, cp, sed -i, dd and downloaders are told to write. */
export function destinations(command: Command): string[] {
  const found = command.redirects.filter(({ operator }) => outputs.test(operator)).map(({ target }) => target);
  const { args } = command;
  switch (command.name) {
    case 'tee':
    case 'truncate':
    case 'shred':
      found.push(...args.filter((arg) => !arg.startsWith('-')));
      break;
    case 'cp':
    case 'mv':
    case 'install':
    case 'ln':
    case 'rsync':
    case 'link':
      if (args.length > 1) found.push(args.at(-1)!);
      break;
    case 'dd':
      for (const arg of args) if (arg.startsWith('of=')) found.push(arg.slice(3));
      break;
    case 'sed':
    case 'perl':
    case 'ruby':
      if (args.some((arg) => /^-[a-zA-Z]*i|^--in-place/.test(arg))) found.push(...args.slice(1));
      break;
    case 'wget':
    case 'curl':
    case 'aria2c':
      for (const [at, arg] of args.entries())
        if (/^(?:-[a-zA-Z]*[oO]|--output(?:-document)?)$/.test(arg)) found.push(args[at + 1] ?? '');
      break;
    default:
  }
  return found;
}

export function writes(command: Command, place: RegExp): boolean {
  return destinations(command).some((file) => place.test(file));
}

/** What echo, printf and here-documents put into the file or the pipe. */
export function writtenText(command: Command): string {
  const here = command.redirects.filter(({ operator }) => operator.startsWith('<<')).map(({ target }) => target);
  const own = command.name === 'echo' || command.name === 'printf' || command.name === 'sed' ? command.joined : '';
  const piped = command.previous;
  const before = piped !== undefined && (piped.name === 'echo' || piped.name === 'printf') ? piped.joined : '';
  return [own, before, ...here].join('\n');
}

/** The command and those whose output it reads, nearest first; a pipe longer than the bound is cut. */
export function pipeline(command: Command): Command[] {
  const chain: Command[] = [];
  for (let each: Command | undefined = command; each !== undefined && chain.length < 16; each = each.previous)
    chain.push(each);
  return chain;
}

const packers =
  /^(?:tar|zip|gzip|bzip2|xz|zstd|7z|base64|xxd|dd|cat|cpio|mysqldump|pg_dump|pg_dumpall|mongodump|find|openssl|gpg|rar|hexdump|od)$/;

/** True where a file, an archive or a dump is fed into the command by a redirection or a pipe. */
export function isFed(command: Command): boolean {
  const isRead = command.redirects.some(
    ({ operator, target }) =>
      operator === '<' && target !== '' && !/^\/dev\/(?:null|zero|tty|stdin)|\$|fifo|pipe/.test(target),
  );
  const before = pipeline(command).slice(1);
  return isRead || before.some(({ name }) => packers.test(name));
}
