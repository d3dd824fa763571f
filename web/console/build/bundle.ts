// Turns the console's sources into the files that a browser loads, each beside its compressed forms.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type InlineConfig } from 'vite';

const consoleRoot = join(import.meta.dirname, '..');

/** A component without a rune of its own would be taken for one of the older kind, whose fields in snippets fail when they are bound. */
export function compileOptions({ filename }: { filename: string }): { runes: true } | undefined {
  return filename.includes('/node_modules/') ? undefined : { runes: true };
}

function bundleConfig(folder: string): InlineConfig {
  return {
    root: consoleRoot,
    configFile: false,
    logLevel: 'warn',
    plugins: [svelte({ configFile: false, dynamicCompileOptions: compileOptions })],
    build: {
      outDir: folder,
      emptyOutDir: true,
      manifest: 'manifest.json',
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: { checks: { bundlerTimings: false } }, // a slow machine is no news
    },
  };
}

/**
 * Builds into the folder, which is emptied first; resolves to the number of files that were compressed. What is built is what people get,
 * also when a test builds it: with its own NODE_ENV it would be the slower and larger form for developers, and be found fresh afterwards.
 */
export async function bundle(folder: string): Promise<number> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build(bundleConfig(folder));
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
  return compress(folder);
}

/** Once at build time with the best that each form has; small files gain nothing. */
function compress(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css|html|svg)$/.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name));
  const worth = files.map((file) => ({ file, bytes: readFileSync(file) })).filter(({ bytes }) => bytes.length > 1_024);
  for (const { file, bytes } of worth) {
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
  return worth.length;
}
