// Alertmanager's configuration on disk: asked of amtool while it still has another name, then put in place whole.
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigFile } from './configuration.ts';

const checkSeconds = 10;

/** `amtool` is the program, or empty where there is none: then Alertmanager's own word at loading is the check. */
export function createConfigFile(path: string, amtool: string): ConfigFile {
  return {
    read: () => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
    async faultsOf(text) {
      if (amtool === '' || !existsSync(amtool)) return undefined;
      const candidate = `${path}.candidate`;
      try {
        writePrivate(candidate, text);
        return await faultsOf(amtool, candidate);
      } finally {
        rmSync(candidate, { force: true });
      }
    },
    write(text) {
      const next = `${path}.next`;
      writePrivate(next, text);
      renameSync(next, path);
    },
  };
}

/** It holds passwords of mail servers: for owner and group, Alertmanager being in the group. */
function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  writeFileSync(path, text, { mode: 0o640, flush: true });
  chmodSync(path, 0o640);
}

function faultsOf(amtool: string, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: checkSeconds * 1000, maxBuffer: 1 << 20 };
    execFile(amtool, ['check-config', path], options, (error, stdout, stderr) => {
      const words = `${stdout}${stderr}`.replaceAll(path, 'the configuration').replace(/\s+/g, ' ').trim();
      resolve(error === null ? undefined : words || error.message);
    });
  });
}
