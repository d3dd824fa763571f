// The file system of a small image as a tar: programs of this machine with the libraries that they need, files and folders.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface RootParts {
  /** Where a program lies in the image, by where it lies here; its libraries come along. */
  programs: Readonly<Record<string, string>>;
  /** Links in the image, by what they point to. */
  links?: Readonly<Record<string, string>>;
  /** Folders of this machine that are copied whole, by where they go in the image. */
  folders?: Readonly<Record<string, string>>;
  /** Empty folders for one user alone, with that user's number. */
  owned?: Readonly<Record<string, number>>;
}

/** At most 1 GiB. */
export function tarOfRoot(parts: RootParts): Buffer {
  const root = mkdtempSync(join(tmpdir(), 'ody-root-'));
  try {
    for (const folder of ['tmp', 'etc', 'proc', 'dev', 'sys']) mkdirSync(join(root, folder));
    chmodSync(join(root, 'tmp'), 0o1777);
    for (const [to, from] of Object.entries(parts.programs)) takeProgram(root, from, to);
    for (const [at, target] of Object.entries(parts.links ?? {})) {
      mkdirSync(dirname(join(root, at)), { recursive: true });
      symlinkSync(target, join(root, at));
    }
    for (const [to, from] of Object.entries(parts.folders ?? {})) {
      mkdirSync(join(root, to), { recursive: true });
      execFileSync('cp', ['-a', `${from}/.`, join(root, to)]);
    }
    for (const [at, user] of Object.entries(parts.owned ?? {})) {
      mkdirSync(join(root, at), { recursive: true });
      execFileSync('chown', [`${user}:${user}`, join(root, at)]);
    }
    return execFileSync('tar', ['-C', root, '--numeric-owner', '-c', '.'], { maxBuffer: 1 << 30 });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function takeProgram(root: string, from: string, to: string): void {
  take(root, from, to);
  for (const library of librariesOf(from)) take(root, library, library);
}

/** Absolute paths; a static program needs none, and `ldd` ends with an error for it. */
function librariesOf(program: string): readonly string[] {
  try {
    const said = execFileSync('ldd', [realpathSync(program)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.match(/\/\S+/g) ?? [];
  } catch {
    return [];
  }
}

function take(root: string, from: string, to: string): void {
  const at = join(root, to);
  if (existsSync(at)) return;
  mkdirSync(dirname(at), { recursive: true });
  copyFileSync(realpathSync(from), at);
}
