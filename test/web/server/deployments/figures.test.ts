// Deployments as metrics: replicas wanted and running, failures counted once each, and what is not known absent.
import { describe, expect, test } from 'vitest';
import { DeploymentFigures } from '../../../../web/server/deployments/figures.ts';
import type { Task } from '../../../../web/server/engine/objects.ts';
import { deployment } from './samples.ts';

function task(ID: string, State: string, revision = 'r2', of = 'shop'): Task {
  const labels = { odyssey_environment: 'e', odyssey_deployment: of, odyssey_revision: revision };
  return {
    ...{ ID, CreatedAt: '', UpdatedAt: '', ServiceID: 's', Slot: 1 },
    Spec: {
      ContainerSpec: {
        Image: 'shop@sha256:2',
        Labels: labels,
        CapabilityDrop: ['ALL'],
        Privileges: { NoNewPrivileges: true },
      },
    },
    DesiredState: State === 'running' || State === 'starting' ? 'running' : 'shutdown',
    Status: { Timestamp: '2026-01-01T00:00:00Z', State },
  };
}

const shop = deployment();

/** Values by the metric's name, without what all have in common. */
function valuesOf(figures: DeploymentFigures, now: number, of = [shop]): Record<string, number> {
  const found = figures.samples(of, now).map(({ name, value }) => [name.replace('odyssey_deployment_', ''), value]);
  return Object.fromEntries(found);
}

describe('replicas', () => {
  test.each([
    {
      given: 'all three run',
      of: shop,
      tasks: ['a', 'b', 'c'].map((id) => task(id, 'running')),
      shown: { replicas_wanted: 3, replicas_running: 3, tasks_failed_total: 0 },
    },
    {
      given: 'one of three runs, one starts',
      of: shop,
      tasks: [task('a', 'running'), task('b', 'starting'), task('c', 'failed')],
      shown: { replicas_wanted: 3, replicas_running: 1, tasks_failed_total: 0 },
    },
    {
      given: 'only the revision before runs',
      of: shop,
      tasks: [task('a', 'running', 'r1'), task('b', 'running', 'r2', 'blog')],
      shown: { replicas_wanted: 3, replicas_running: 0, tasks_failed_total: 0 },
    },
    {
      given: 'it is stopped',
      of: deployment({ stopped: true }),
      tasks: [],
      shown: { replicas_wanted: 0, replicas_running: 0, tasks_failed_total: 0 },
    },
    { given: 'nothing serves yet', of: deployment({ stable: undefined }), tasks: [task('a', 'running')], shown: {} },
    { given: 'it is being removed', of: deployment({ removing: true }), tasks: [task('a', 'running')], shown: {} },
  ])('$given', ({ of, tasks, shown }) => {
    const figures = new DeploymentFigures();
    figures.look([of], tasks, 0);
    expect(valuesOf(figures, 1, [of])).toEqual(shown);
  });

  test('without a look, or with an old one, how many run is not known', () => {
    const figures = new DeploymentFigures();
    expect(valuesOf(figures, 0)).toEqual({ replicas_wanted: 3 });
    figures.look([shop], [task('a', 'running')], 0);
    expect(valuesOf(figures, 40)).toMatchObject({ replicas_running: 1 });
    expect(valuesOf(figures, 41)).toEqual({ replicas_wanted: 3, tasks_failed_total: 0 });
  });

  test('they carry the environment and the name of the deployment, and nothing that grows', () => {
    const figures = new DeploymentFigures();
    figures.look([shop], [task('a', 'running')], 0);
    for (const { labels } of figures.samples([shop], 0))
      expect(labels).toEqual({ environment: 'e', deployment: 'shop' });
  });
});

test('a failure is counted once, also after the engine has forgotten it; what failed before the first look is not', () => {
  const figures = new DeploymentFigures();
  const failedTotal = (tasks: Task[], at: number) => {
    figures.look([shop], tasks, at);
    return valuesOf(figures, at)['tasks_failed_total'];
  };
  expect(failedTotal([task('old', 'failed')], 0)).toBe(0);
  expect(failedTotal([task('old', 'failed'), task('a', 'failed')], 15)).toBe(1);
  expect(failedTotal([task('a', 'failed'), task('b', 'rejected'), task('c', 'complete')], 30)).toBe(3);
  expect(failedTotal([task('b', 'rejected'), task('d', 'orphaned'), task('e', 'shutdown')], 45)).toBe(3);
  expect(failedTotal([task('f', 'failed'), task('g', 'failed', 'r1')], 60)).toBe(4);
});
