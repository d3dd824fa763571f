// One engine for all tests of a file: started before the first, ended after the last; where there is none each is skipped with the reason.
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { type EnginePlane, type EnginePlaneStart, startEnginePlane } from './engine-plane.ts';
import type { Answer } from './plane.ts';

interface EngineTests {
  /** For the test that this is the context of. */
  needEngine(context: TestContext): EnginePlane;
  /** A call of the admin. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
}

export function useEngine(): EngineTests {
  let start: EnginePlaneStart | undefined;
  beforeAll(async () => {
    start = await startEnginePlane();
  }, 120_000);
  afterAll(async () => {
    if (start?.kind === 'plane') await start.plane.close();
  }, 60_000);
  const needEngine = (context: TestContext): EnginePlane =>
    start?.kind === 'plane' ? start.plane : context.skip(start?.reason);
  return {
    needEngine,
    ask(method, path, body) {
      if (start?.kind !== 'plane') throw new Error('asked of no engine');
      return start.plane.it.admin.call(method, path, body);
    },
  };
}

/** The command of a container that does this five times a second. */
export const loop = (text: string): string[] => ['/bin/sh', '-c', `while :; do ${text}; sleep 0.2; done`];
