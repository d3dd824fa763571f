// A real control plane that serves the built console, beside a world with an incident.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../core/runtime/clock.ts';
import { createPrometheus } from '../../core/runtime/prometheus.ts';
import { bundle } from '../../web/console/build/bundle.ts';
import { digestSources, isFresh, markFresh } from '../../web/console/build/freshness.ts';
import type { ControlPlaneOptions, Neighbours } from '../../web/server/control-plane.ts';
import { type FreshPlane, openFreshPlane, openPlane, type TestPlane } from '../web/server/plane.ts';
import { openWorld, type World } from './world.ts';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'web/console/dist');

/** Addresses of every page that needs no parameter, read from the list as text: Node cannot load the icons in it. */
export function listPagePaths(): string[] {
  const text = readFileSync(join(root, 'web/console/pages/index.ts'), 'utf8');
  return [...text.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path!).filter((path) => !path.includes(':'));
}

/** Builds the console where it is older than its sources, and gives a copy: whoever builds it next takes nothing away from a page that is open. */
async function takeConsole(): Promise<string> {
  const digest = digestSources(root);
  if (!isFresh(built, digest)) {
    await bundle(built);
    markFresh(built, digest);
  }
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-console-'));
  cpSync(built, folder, { recursive: true });
  return folder;
}

interface Beside {
  options: Pick<ControlPlaneOptions, 'consoleFolder' | 'clock' | 'neighbours'>;
  world: World;
  close(): void;
}

export interface ConsolePlane extends TestPlane {
  /** What is told of the machine, unless another one is measured. */
  world: World;
}

async function openBeside(): Promise<Beside> {
  const consoleFolder = await takeConsole();
  const world = await openWorld();
  const http = { fetch, timeoutSeconds: 5, answerBytesMax: 4_000_000 };
  const at = (name: string) => `${world.url}/${name}`;
  const neighbours: Neighbours = {
    prometheus: createPrometheus({ ...http, baseUrl: world.url }),
    ...{ alertmanager: world.url, collector: world.url, grafana: '', http },
    detectors: { gpu: at('gpu'), container: at('container'), process: at('process'), disk: at('disk') },
  };
  const close = () => {
    world.close();
    rmSync(consoleFolder, { recursive: true, force: true });
  };
  return { options: { consoleFolder, clock: systemClock, neighbours }, world, close };
}

/** What the detectors show when they read what people said. */
export const processToken = 'a-token-of-the-tests';

function settle<P extends FreshPlane | TestPlane>(plane: P, beside: Beside): P {
  for (const name of ['collector', 'detectors'])
    writeFileSync(join(plane.folder, 'run', `${name}.token`), processToken);
  return {
    ...plane,
    async close() {
      await plane.close();
      beside.close();
    },
  };
}

export async function openConsolePlane(more: Partial<ControlPlaneOptions> = {}): Promise<ConsolePlane> {
  const beside = await openBeside();
  const { world } = beside;
  return { ...settle(await openPlane({ ...beside.options, ...more }), beside), world };
}

/** One that waits for its first admin. */
export async function openFirstRunPlane(): Promise<FreshPlane> {
  const beside = await openBeside();
  return settle(await openFreshPlane(beside.options), beside);
}
