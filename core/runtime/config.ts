// Settings: declared once beside the process that reads them, read once at start, every mistake reported together.
import { parseDuration } from '../lib/duration.ts';

export interface Setting<T> {
  variable: string;
  fallback: string;
  about: string;
  parse(text: string): T;
}

export type Settings = Record<string, Setting<unknown>>;
export type Config<S extends Settings> = Readonly<{ [K in keyof S]: S[K] extends Setting<infer T> ? T : never }>;

/** What a person wrote wrong; `problems` says what to do about each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads every setting from the environment into one frozen object.
 * `prefix` is the process's own (`COLLECTOR_`): a variable that carries it and is not declared is refused, so a typing mistake cannot pass unseen.
 * Throws ConfigError with all the mistakes at once.
 */
export function readConfig<S extends Settings>(
  settings: S,
  environment: Record<string, string | undefined>,
  prefix: string,
): Config<S> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    const text = environment[setting.variable] || setting.fallback;
    try {
      values[key] = setting.parse(text);
    } catch (error) {
      problems.push(`${setting.variable}=${JSON.stringify(text)}: ${(error as Error).message}`);
    }
  }
  const known = new Set(Object.values(settings).map((setting) => setting.variable));
  for (const variable of Object.keys(environment)) {
    if (variable.startsWith(prefix) && !known.has(variable)) {
      problems.push(`${variable} is not a setting; known are ${[...known].sort().join(', ')}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(values) as Config<S>;
}

function setting<T>(variable: string, fallback: string, about: string, parse: (text: string) => T): Setting<T> {
  return { variable, fallback, about, parse };
}

export function text(variable: string, fallback: string, about: string): Setting<string> {
  return setting(variable, fallback, about, (value) => value);
}

export function url(variable: string, fallback: string, about: string): Setting<string> {
  return setting(variable, fallback, about, (value) => {
    if (!URL.canParse(value) || !/^https?:/.test(value))
      throw new Error('give an http or https address, such as http://127.0.0.1:9090');
    return value.replace(/\/+$/, '');
  });
}

export function port(variable: string, fallback: number, about: string): Setting<number> {
  return setting(variable, String(fallback), about, (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Error('give a port from 1 to 65535');
    return number;
  });
}

export function seconds(variable: string, fallback: string, about: string): Setting<number> {
  return setting(variable, fallback, about, (value) => {
    const parsed = parseDuration(value);
    if (parsed === undefined) throw new Error('give a duration such as 15s, 6h or 7d');
    return parsed;
  });
}

export function wholeNumber(
  variable: string,
  fallback: number,
  about: string,
  bounds: { min: number; max: number },
): Setting<number> {
  return setting(variable, String(fallback), about, (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < bounds.min || number > bounds.max) {
      throw new Error(`give a whole number from ${bounds.min} to ${bounds.max}`);
    }
    return number;
  });
}

export function choice<const T extends string>(
  variable: string,
  fallback: NoInfer<T>,
  about: string,
  options: readonly T[],
): Setting<T> {
  return setting(variable, fallback, about, (value) => {
    const found = options.find((option) => option === value);
    if (found === undefined) throw new Error(`give one of ${options.join(', ')}`);
    return found;
  });
}

/** Names separated by commas; empty means none. */
export function names(variable: string, fallback: string, about: string): Setting<readonly string[]> {
  return setting(variable, fallback, about, (value) =>
    value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
}
