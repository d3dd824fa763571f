// The built console as files: what is listed at the start and nothing else, in the smallest form that the browser takes.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Express, Request, Response } from 'express';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

interface File {
  /** Its place in the folder, with forward slashes. */
  path: string;
  type: string;
  /** Endings of the forms that lie beside it, best first. */
  forms: readonly ('br' | 'gz')[];
  etag: string;
}

/**
 * Listed again when the first page changed. Files with a digest in their name are kept by browsers for good; all others are asked for again each time. Every other address
 * that a person may have typed is the first page; a script or style that is gone is told as gone, not answered with a page.
 */
export function serveConsole(app: Express, folder: string): void {
  let { files, first, builtAt } = readBuild(folder);
  app.use((request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const file = files.get(request.path.slice(1));
    if (file !== undefined && file !== first) return send(folder, file, request, response);
    if (request.path.startsWith('/assets/') || !request.accepts('html')) return next();
    if (builtAtOf(folder) !== builtAt) ({ files, first, builtAt } = readBuild(folder));
    send(folder, first, request, response);
  });
}

/** Throws where the folder holds no console. */
function readBuild(folder: string): { files: Map<string, File>; first: File; builtAt: number } {
  const files = listFiles(folder);
  const first = files.get('index.html');
  if (first === undefined) throw new Error(`${folder} has no index.html; build the console with npm run build`);
  return { files, first, builtAt: builtAtOf(folder) };
}

/** A console that is built anew under a running server names other files in its first page. */
function builtAtOf(folder: string): number {
  return statSync(join(folder, 'index.html')).mtimeMs;
}

function listFiles(folder: string): Map<string, File> {
  const paths = new Set(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll('\\', '/')),
  );
  const served = [...paths].flatMap((path): File[] => {
    const type = types[path.slice(path.lastIndexOf('.') + 1)];
    if (type === undefined) return [];
    const forms = (['br', 'gz'] as const).filter((form) => paths.has(`${path}.${form}`));
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('base64url');
    return [{ path, type, forms, etag: digest.slice(0, 22) }];
  });
  return new Map(served.map((file) => [file.path, file]));
}

function send(folder: string, file: File, request: Request, response: Response): void {
  const named = { br: 'br', gz: 'gzip' } as const;
  const form = file.forms.find((one) => request.acceptsEncodings(named[one]) === named[one]);
  response.setHeader('content-type', file.type);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('etag', `"${file.etag}${form === undefined ? '' : `-${form}`}"`);
  const forGood = file.path.startsWith('assets/');
  response.setHeader('cache-control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (form !== undefined) response.setHeader('content-encoding', named[form]);
  const path = form === undefined ? file.path : `${file.path}.${form}`;
  response.sendFile(path, { root: folder, cacheControl: false, lastModified: false, etag: false });
}
