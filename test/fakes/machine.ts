// A machine made of a table: files, links, filesystems, commands, a Docker API and DNS servers that say what the test wants.
import type { CommandResult, FilesystemUse, Machine } from '../../collector/source.ts';

/** Never settles, as a dead mount or an unkillable child does not. */
export const hangs: unique symbol = Symbol('hangs');

export interface FakeMachineOptions {
  links?: Record<string, string>;
  filesystems?: Record<string, FilesystemUse | Error | typeof hangs>;
  /** By the command line, joined with spaces, or by the program alone. */
  commands?: Record<string, Partial<CommandResult> | Error | typeof hangs>;
  docker?: Record<string, unknown>;
  /** By `server name`; what is not listed fails. */
  dns?: Record<string, true | Error | typeof hangs>;
  /** Read by every clock of the machine; change it to let time pass. */
  now?: { unixSeconds: number; monotonicSeconds: number };
  cpuCount?: number;
}

/** An error as node:fs throws it. */
export function fileError(code: string, path = ''): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

const missing = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EOPNOTSUPP', 'EINVAL', 'ESRCH']);

/** A path with the value of an Error throws it; directories exist where a path lies below them. The table may be changed between reads. */
export function fakeMachine(files: Record<string, string | Error>, options: FakeMachineOptions = {}): Machine {
  const now = options.now ?? { unixSeconds: 1_700_000_000, monotonicSeconds: 1_000 };
  const readText = (path: string): string => {
    const content = Object.hasOwn(files, path) ? files[path]! : fileError('ENOENT', path);
    if (content instanceof Error) throw content;
    return content;
  };
  const list = (path: string): string[] => {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    const paths = [...Object.keys(files), ...Object.keys(options.links ?? {})];
    const found = new Set(
      paths.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length).split('/')[0]!),
    );
    if (found.size === 0) throw fileError('ENOENT', path);
    return [...found];
  };
  return {
    readText,
    readTextIfThere: (path) => unlessMissing(() => readText(path), undefined),
    readTextSlowly: async (path) => readText(path),
    list,
    listIfThere: (path) => unlessMissing(() => list(path), []),
    linkTarget: (path) => options.links?.[path],
    filesystemUse: (path) => {
      const use = options.filesystems?.[path];
      return answer(use === hangs ? fileError('ETIMEDOUT', path) : use, `statfs ${path}`);
    },
    run: async (file, args) => {
      const line = [file, ...args].join(' ');
      const result = await answer(options.commands?.[line] ?? options.commands?.[file], `run ${line}`);
      return { exitCode: 0, stdout: '', stderr: '', ...result };
    },
    programHash: async () => undefined,
    dockerGet: (path) => answer(options.docker?.[path], `GET ${path}`),
    resolve: async (server, name) => void (await answer(options.dns?.[`${server} ${name}`], `resolve ${name}`)),
    unixSeconds: () => now.unixSeconds,
    monotonicSeconds: () => now.monotonicSeconds,
    cpuCount: options.cpuCount ?? 2,
    clockTicks: 100,
    pageBytes: 4096,
    architecture: 'x86_64',
  };
}

function unlessMissing<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (missing.has((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}

function answer<T>(value: T | Error | typeof hangs | undefined, what: string): Promise<T> {
  if (value === hangs) return new Promise(() => undefined);
  if (value === undefined) return Promise.reject(fileError('ENOENT', what));
  if (value instanceof Error) return Promise.reject(value);
  return Promise.resolve(value as T);
}
