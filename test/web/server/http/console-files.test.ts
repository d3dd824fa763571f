// The console's files over real HTTP: compressed where the browser takes it, kept for good where the name says so, and nothing else of the disk.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPlane, type TestPlane } from '../plane.ts';

const script = `export const text = '${'long '.repeat(500)}';`;
let folder = '';
let plane: TestPlane;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-files-'));
  mkdirSync(join(folder, 'site/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.js'), 'not yours');
  writeFileSync(join(folder, 'site/index.html'), '<!doctype html><title>Odyssey</title>');
  writeFileSync(join(folder, 'site/theme.js'), 'theme');
  writeFileSync(join(folder, 'site/manifest.json'), '{}');
  writeFileSync(join(folder, 'site/assets/page-abc.js'), script);
  writeFileSync(join(folder, 'site/assets/page-abc.js.gz'), gzipSync(script));
  writeFileSync(join(folder, 'site/assets/page-abc.js.br'), brotliCompressSync(script));
  plane = await openPlane({ consoleFolder: join(folder, 'site') });
});
afterAll(async () => {
  await plane.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  length: number;
}

/** Without a client that tidies the path or undoes the compression. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  const { hostname, port } = new URL(plane.url);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, method, headers: { accept: '*/*', ...headers } }, (answer) => {
      let length = 0;
      answer.on('data', (part: Buffer) => {
        length += part.length;
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, length }));
    });
    call.on('error', reject);
    call.end();
  });
}

test.each([
  { takes: 'br, gzip', encoding: 'br', length: brotliCompressSync(script).length },
  { takes: 'gzip', encoding: 'gzip', length: gzipSync(script).length },
  { takes: 'identity', encoding: undefined, length: script.length },
])('a browser that takes $takes gets $encoding', async ({ takes, encoding, length }) => {
  const got = await get('/assets/page-abc.js', { 'accept-encoding': takes });
  expect([got.status, got.headers['content-encoding'], got.length]).toEqual([200, encoding, length]);
  expect(got.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(got.headers['vary']).toContain('accept-encoding');
});

test('files with a digest in their name are kept for good, others asked for again and answered in a word', async () => {
  expect((await get('/assets/page-abc.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const first = await get('/theme.js');
  expect(first.headers['cache-control']).toBe('no-cache');
  const again = await get('/theme.js', { 'if-none-match': String(first.headers['etag']) });
  expect([again.status, again.length]).toEqual([304, 0]);
  const compressed = await get('/assets/page-abc.js', { 'accept-encoding': 'br' });
  expect(compressed.headers['etag']).not.toBe((await get('/assets/page-abc.js')).headers['etag']);
});

test.each(['/', '/containers/orion/api', '/anything?x=1', '/index.html'])('%s is the first page', async (path) => {
  const got = await get(path, { accept: 'text/html' });
  expect([got.status, got.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(got.headers['cache-control']).toBe('no-cache');
});

test('a script that is gone is told as gone, not answered with a page', async () => {
  expect((await get('/assets/page-old.js')).status).toBe(404);
});

test.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/assets/..%2f..%2fsecret.js',
  '/manifest.json',
  '/assets/page-abc.js.br',
])('%s gives nothing of the disk', async (path) => {
  const got = await get(path, { accept: 'application/json' });
  expect(got.status === 404 || got.headers['content-type'] === 'text/html; charset=utf-8').toBe(true);
});

test('the policy takes scripts and styles from here alone, and nothing inline', async () => {
  const policy = String((await get('/')).headers['content-security-policy']);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("style-src 'self';");
  expect(policy).not.toContain('unsafe');
});

test('a console that is built anew is served with its new files', async () => {
  writeFileSync(join(folder, 'site/assets/page-new.js'), 'new');
  expect((await get('/assets/page-new.js')).status).toBe(404);
  utimesSync(join(folder, 'site/index.html'), 1_800_000_000, 1_800_000_000);
  await get('/', { accept: 'text/html' });
  expect((await get('/assets/page-new.js')).status).toBe(200);
});

test('HEAD is answered like GET without a body', async () => {
  const got = await get('/theme.js', {}, 'HEAD');
  expect([got.status, got.length]).toEqual([200, 0]);
});
