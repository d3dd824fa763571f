// A small HTTP application as images of a test's engine: Node, the libraries that it links, and a server of a screenful. No registry.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DockerEngine } from './docker-engine.ts';

/** Imports the image as `app:1` and derives the other versions from it; gives their ids by version. */
export async function importHttpImages(
  engine: Pick<DockerEngine, 'ask' | 'folder'>,
  versions: readonly string[],
): Promise<Record<string, string>> {
  const must = async (method: string, path: string, body?: unknown): Promise<string> => {
    const { status, text } = await engine.ask(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 300)}`);
    return text;
  };
  const changes = ['WORKDIR /app', 'ENTRYPOINT ["/node"]', 'CMD ["/app/server.mjs"]', 'EXPOSE 8080']
    .map((change) => `&changes=${encodeURIComponent(change)}`)
    .join('');
  await must('POST', `/images/create?fromSrc=-&repo=app&tag=base${changes}`, pack(engine.folder));
  const created = await must('POST', '/containers/create?name=app-maker', {
    Image: 'app:base',
    HostConfig: { NetworkMode: 'none' },
  });
  const { Id } = JSON.parse(created) as { Id: string };
  const ids: Record<string, string> = {};
  for (const version of versions) {
    const change = encodeURIComponent(`ENV VERSION=${version}`);
    const made = await must('POST', `/commit?container=${Id}&repo=app&tag=${version}&changes=${change}`, {});
    ids[version] = (JSON.parse(made) as { Id: string }).Id;
  }
  await must('DELETE', `/containers/${Id}`);
  return ids;
}

/** The health check of the application: every second, and three failures count. */
export const healthCheck = {
  command: ['/node', '/app/healthy.mjs'],
  ...{ intervalSeconds: 1, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 3, startIntervalSeconds: 0.3 },
};

function pack(folder: string): Buffer {
  const root = join(folder, 'http-image');
  const take = (from: string, to: string): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(realpathSync(from), join(root, to));
  };
  take(process.execPath, '/node');
  const needed = execFileSync('ldd', [realpathSync(process.execPath)], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const library of needed.filter((path) => !path.endsWith(':'))) take(library, library);
  cpSync(join(import.meta.dirname, 'http-image'), join(root, 'app'), { recursive: true });
  return execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1 << 29 });
}

/** An archive of files by name, as the engine takes them into a container. */
export function packFiles(folder: string, files: Readonly<Record<string, Buffer>>): Buffer {
  const at = mkdtempSync(join(folder, 'files-'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(at, name), bytes);
  return execFileSync('tar', ['-C', at, '-c', '.'], { maxBuffer: 1 << 29 });
}
