// The state of a deployment from tasks and HAProxy: never from what was ordered, unknown where nothing was read.
import { describe, expect, test } from 'vitest';
import type { Routing } from '../../../../core/contracts/deployments.ts';
import { decideState, type StateInput } from '../../../../web/server/deployments/state.ts';
import { isFailed, readTasks } from '../../../../web/server/deployments/task-reading.ts';
import { task } from '../../../fakes/engine.ts';

const reached = (serversUp: number, stable = 'r1'): Routing => ({
  ...{ kind: 'read', stable, canary: null, canaryShare: 0 },
  backends: [{ revision: 'r1', serversUp, serversDown: 0 }],
});
const base: StateInput = {
  ...{ stopped: false, wanted: 2, serves: true, stable: 'r1', pinned: 'sha256:one', failure: '', busy: false },
  ...{ tasks: readTasks([task({}), task({})]), routing: reached(2) },
};
const one = readTasks([task({}), task({ state: 'starting' })]);
const none = readTasks([]);
const crashed = readTasks([task({ state: 'failed', desired: 'shutdown', err: 'task: non-zero exit (3)' })]);

describe('a deployment', () => {
  test.each([
    { given: 'that all of the engine and HAProxy agree on', change: {}, state: 'running' },
    { given: 'of an engine that cannot be asked', change: { tasks: undefined }, state: 'unknown' },
    { given: 'of which one replica still starts', change: { tasks: one }, state: 'degraded' },
    { given: 'that crashes', change: { tasks: crashed }, state: 'failed', reason: /exit code 3/ },
    { given: 'that is stopped and has stopped', change: { stopped: true, tasks: none }, state: 'stopped' },
    { given: 'that is stopped and still runs', change: { stopped: true }, state: 'degraded' },
    {
      given: 'that is stopped, while a replica is still ending',
      change: { stopped: true, tasks: readTasks([task({ desired: 'shutdown' })]) },
      state: 'degraded',
      reason: /1 replicas have still to stop/,
    },
    {
      given: 'whose replicas were given another image behind our back',
      change: { tasks: readTasks([task({}), task({ image: 'sha256:other' })]) },
      state: 'degraded',
      reason: /sha256:other instead of sha256:one/,
    },
    {
      given: 'whose first revision is placed',
      change: { serves: false, busy: true, stable: undefined, tasks: readTasks([task({ state: 'preparing' })]) },
      state: 'starting',
    },
    {
      given: 'whose first revision waits for a node',
      change: {
        serves: false,
        busy: true,
        stable: undefined,
        tasks: readTasks([task({ state: 'pending', err: 'no suitable node (insufficient resources on 1 node)' })]),
      },
      state: 'scheduling',
      reason: /no suitable node/,
    },
    {
      given: 'whose first revision was given up',
      change: { serves: false, stable: undefined, failure: 'The health check kept failing.', tasks: none },
      state: 'failed',
      reason: /health check/,
    },
    {
      given: 'that HAProxy cannot be asked about',
      change: { routing: { kind: 'unknown', reason: 'no answer' } },
      state: 'degraded',
      reason: /unknown/,
    },
    { given: 'whose requests go elsewhere', change: { routing: reached(2, 'r0') }, state: 'degraded', reason: /r0/ },
    { given: 'that HAProxy reaches in part', change: { routing: reached(1) }, state: 'degraded', reason: /1 of 2/ },
    { given: 'that needs no HAProxy', change: { routing: { kind: 'none', reason: '' } }, state: 'running' },
  ] as const)('$given is $state', ({ change, state, ...rest }) => {
    const said = decideState({ ...base, ...change } as StateInput);
    expect(said.state).toBe(state);
    if ('reason' in rest) expect(said.reason).toMatch(rest.reason);
  });
});

describe('tasks', () => {
  test.each([
    {
      given: 'exit code 0',
      made: task({ state: 'complete', desired: 'shutdown', exitCode: 0 }),
      failed: true,
      says: /ended by itself/,
    },
    {
      given: 'killed',
      made: task({ state: 'failed', err: 'task: non-zero exit (137)' }),
      failed: true,
      says: /memory/,
    },
    {
      given: 'unhealthy',
      made: task({ state: 'failed', err: 'task: non-zero exit (143): dockerexec: unhealthy container' }),
      failed: true,
      says: /health check/,
    },
    {
      given: 'rejected',
      made: task({ state: 'rejected', err: 'No such image: app:none' }),
      failed: true,
      says: /No such image/,
    },
    {
      given: 'without its image on the node',
      made: task({ state: 'rejected', err: 'No such image: sha256:aaaa' }),
      failed: true,
      says: /not on the node that was to run it.*docker load/,
    },
    { given: 'told to stop', made: task({ state: 'shutdown', desired: 'shutdown' }), failed: false, says: /^$/ },
  ])('$given', ({ made, failed, says }) => {
    expect(isFailed(made)).toBe(failed);
    expect(readTasks([made]).reason).toMatch(says);
  });

  test('failures before a moment do not count, as the engine was away', () => {
    const old = task({ state: 'failed', time: '2026-01-01T00:00:00Z' });
    expect(readTasks([old], '2026-01-01T00:00:01Z').failed).toBe(0);
  });
});
