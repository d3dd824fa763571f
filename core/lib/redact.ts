// Takes secrets out of command lines and other free text before it leaves the machine; what is harmless stays readable.
import { isSecretName, isSecretValue, redactTokens, secretOfPair, secretOptionOf } from './redact-rules.ts';

const redacted = '[redacted]';

/**
 * Command-line arguments with their secrets replaced, as many as came in.
 * It knows where programs keep theirs (`mysql -pX`, `curl -u a:b`, `sshpass -p X`), names that announce one
 * (`--password X`, `PGPASSWORD=X`, `"token": "X"`), tokens by their shape and passwords in URLs. An argument that is
 * itself a command (`sh -c "…"`) is read word by word. Linear in the length of the arguments.
 */
export function redactArgv(argv: readonly string[]): string[] {
  const context: Context = { program: '', pending: 'nothing' };
  return argv.map((argument) => redactArgument(argument, context));
}

/** Free text, such as a log line, treated as one argument. */
export function redactText(text: string): string {
  return redactArgument(text, { program: '', pending: 'nothing' });
}

interface Context {
  /** Name of the program whose options these are, without its folder. */
  program: string;
  /** The argument before announced a secret: all of this one, or what follows its colon. */
  pending: 'nothing' | 'whole' | 'pair';
}

function redactArgument(argument: string, context: Context): string {
  const announced = redactAnnounced(argument, argument, context);
  if (announced !== undefined) return announced;
  const known = redactTokens(argument, redacted);
  if (!/\s/.test(known)) return redactWord(known, context);
  return redactWords(known);
}

/** Quoted parts stay one word, as a shell has them; blanks stay as they are. */
const words = /(?:[^\s"'|;&]+|"[^"]*"|'[^']*'|["'])+|[|;&]+/g;

function redactWords(text: string): string {
  const context: Context = { program: '', pending: 'nothing' };
  return text.replace(words, (word) => {
    if (/^[|;&]/.test(word)) {
      context.program = '';
      context.pending = 'nothing';
      return word;
    }
    const announced = redactAnnounced(word, unquote(word), context);
    if (announced !== undefined) return announced;
    return redactWord(word, context);
  });
}

/** The word after an option that asks for a secret; undefined when none is awaited, or another option came instead. */
function redactAnnounced(word: string, bare: string, context: Context): string | undefined {
  const { pending } = context;
  context.pending = 'nothing';
  if (pending === 'nothing' || (bare.startsWith('-') && bare.length <= 20)) return undefined;
  const secret = pending === 'whole' ? bare : secretOfPair(bare);
  return secret !== undefined && isSecretValue(secret) ? word.replace(secret, () => redacted) : word;
}

function redactWord(word: string, context: Context): string {
  const bare = unquote(word);
  const assigned = redactAssignment(word, bare);
  if (assigned !== undefined) return assigned;
  if (context.program === '' || wrappers.has(context.program)) {
    if (!bare.startsWith('-')) context.program = bare.slice(bare.lastIndexOf('/') + 1);
    return word;
  }
  const option = secretOptionOf(context.program, bare);
  if (option?.kind === 'here') return word.replace(option.secret, () => redacted);
  const isName = /^--?[A-Za-z]/.test(bare) && isSecretName(bare.replace(/^-+/, ''));
  if (option?.kind === 'next' || (option === undefined && isName)) context.pending = 'whole';
  else if (option?.kind === 'next-pair') context.pending = 'pair';
  return word;
}

/** Programs that run another one, whose options follow. */
const wrappers = new Set([
  'sudo',
  'env',
  'nohup',
  'nice',
  'ionice',
  'time',
  'timeout',
  'exec',
  'setsid',
  'stdbuf',
  'xargs',
]);

/** `NAME=value`, `--name=value`, `-Dname=value` and `name:value` where the name announces a secret. */
function redactAssignment(word: string, bare: string): string | undefined {
  const [, name, sign, value] = /^-{0,2}([A-Za-z_][\w.-]*)([=:])([\s\S]+)$/.exec(bare) ?? [];
  if (name === undefined || value === undefined || !isSecretName(name)) return undefined;
  if (sign === ':' && value.startsWith('//')) return undefined;
  const plain = unquote(value);
  return isSecretValue(plain) ? word.replace(plain, () => redacted) : undefined;
}

function unquote(text: string): string {
  return /^(["'])([\s\S]*)\1$/.exec(text)?.[2] ?? text;
}
