// How the tests are found and run: two projects, because the console's tests need components compiled and a document to put them in.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { compileOptions } from './web/console/build/bundle.ts';

/** Its edges need no document: they meet real parts, as the product does. */
const consoleTests = 'test/web/console/{build,parts,state,values}/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'threads',
    // On a shared build machine a bound on time can fail once for what else runs there; a second try is told in the report.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: { name: 'product', include: ['test/**/*.test.ts'], exclude: [consoleTests, '**/node_modules/**'] },
      },
      {
        extends: true,
        plugins: [
          svelte({ configFile: false, dynamicCompileOptions: compileOptions }),
          svelteTesting({ autoCleanup: false }),
        ],
        test: { name: 'console', include: [consoleTests], environment: 'happy-dom', isolate: false },
      },
    ],
  },
});
