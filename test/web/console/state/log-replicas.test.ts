// The choice of replicas: what an address may hold of it, and what there is to choose from, also when it is gone.
import { describe, expect, test } from 'vitest';
import type { Replica } from '../../../../core/contracts/deployments.ts';
import { deploymentLogQuery } from '../../../../core/contracts/logs.ts';
import {
  chosenMax,
  deploymentOf,
  readReplicas,
  replicaOptions,
  toggleReplica,
} from '../../../../web/console/state/log-replicas.ts';

const replica = (name: string, more: Partial<Replica> = {}): Replica => ({
  ...{ name, task: name, node: null, nodeName: null, container: null, revision: 'r1', place: 'stable' },
  ...{ state: 'running', desired: 'running', reason: '', exitCode: null, since: 100, image: '' },
  ...more,
});

describe('an address', () => {
  test('holds replicas of what is read, once each', () => {
    expect(readReplicas('shop-r1.1,shop-r1.1,mail-r1.1,../x,shop-r0.1,shop', ['shop'])).toEqual(['shop-r1.1']);
    expect(readReplicas(undefined, ['shop'])).toEqual([]);
    expect(readReplicas('a-r2-r3.1', ['a-r2'])).toEqual(['a-r2-r3.1']);
    expect(readReplicas(Array.from({ length: 99 }, (_, at) => `shop-r1.${at}`).join(), ['shop'])).toHaveLength(32);
  });

  test('holds as many as the server takes', () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `shop-r1.${at}`).join();
    const taken = (count: number) => deploymentLogQuery.safeParse({ replicas: names(count) }).success;
    expect([taken(chosenMax), taken(chosenMax + 1)]).toEqual([true, false]);
  });

  test('takes one in and lets it go', () => {
    expect([toggleReplica([], 'a-r1.1'), toggleReplica(['a-r1.1', 'a-r1.2'], 'a-r1.1')]).toEqual(['a-r1.1', 'a-r1.2']);
  });

  test('says whose replica it is', () => {
    expect(['shop-r1.1', 'a-r2-r3.1', 'shop', 'shop-r1'].map(deploymentOf)).toEqual([
      'shop',
      'a-r2',
      undefined,
      undefined,
    ]);
  });
});

describe('options', () => {
  test('what serves stands first, each slot once as it is to be', () => {
    const tasks = [
      replica('shop-r1.1', { place: 'warm' }),
      replica('shop-r2.10'),
      replica('shop-r2.2', { state: 'failed', desired: 'shutdown', since: 900 }),
      replica('shop-r2.2', { state: 'starting', since: 500 }),
    ];
    expect(
      replicaOptions('shop', tasks, ['shop-r2.10']).map(({ short, state, since, chosen }) => [
        short,
        state,
        since,
        chosen,
      ]),
    ).toEqual([
      ['r2.2', 'starting', 500, false],
      ['r2.10', 'running', 100, true],
      ['r1.1', 'running', 100, false],
    ]);
  });

  test('one that is chosen and gone stays, so that it can be let go; before the engine has told it is unknown', () => {
    const shown = (tasks: Replica[] | null | undefined) =>
      replicaOptions('shop', tasks, ['shop-r1.7', 'mail-r1.1']).map(({ short, state, chosen }) => [
        short,
        state,
        chosen,
      ]);
    expect(shown([])).toEqual([['r1.7', 'not there', true]]);
    expect(shown(null)).toEqual([['r1.7', 'unknown', true]]);
  });
});
