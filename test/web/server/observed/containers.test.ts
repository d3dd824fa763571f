// Containers as the API shows them: whose each is, how it is, and that those which something keeps are left to it.
import { expect, test } from 'vitest';
import { containerDetail } from '../../../../core/contracts/containers.ts';
import type { Container } from '../../../../web/server/engine/objects.ts';
import { healthOf, keptByOthers, toContainer, toDetail } from '../../../../web/server/observed/containers.ts';

const id = 'a1'.repeat(32);
const ours = { odyssey_environment: 'e1', odyssey_deployment: 'shop', odyssey_revision: 'r2' };

test.each([
  { name: '/web-1', labels: { 'com.docker.compose.project': 'blog' }, owner: 'observed', project: 'blog' },
  { name: '/shop-r2.1.abc', labels: ours, owner: 'deployment', deployment: 'shop', revision: 'r2', environment: 'e1' },
  { name: '/odyssey-haproxy', labels: {}, owner: 'odyssey' },
])('$name is $owner', ({ name, labels, ...rest }) => {
  const listed = {
    Id: id,
    Names: [name],
    Image: 'i',
    ImageID: 'sha256:1',
    Created: 7,
    State: 'running',
    Status: 'Up',
    Labels: labels,
  };
  expect(toContainer(listed)).toMatchObject({ name: name.slice(1), created: 7, ...rest });
});

test.each([
  { status: 'Up 3 hours (healthy)', state: 'running', health: 'healthy' },
  { status: 'Up 1 second (health: starting)', state: 'running', health: 'starting' },
  { status: 'Up 3 hours (unhealthy)', state: 'running', health: 'unhealthy' },
  { status: 'Up 3 hours', state: 'running', health: 'none' },
  { status: 'Exited (0) 3 hours ago', state: 'exited', health: 'unknown' },
])('$status → $health', ({ status, state, health }) => {
  const listed = {
    Id: id,
    Names: ['/x'],
    Image: 'i',
    ImageID: '',
    Created: 7,
    State: state,
    Status: status,
    Labels: {},
  };
  expect(toContainer(listed).health).toBe(health);
});

const container = (more: Partial<Container> = {}): Container => ({
  ...{ Id: id, Name: '/web-1', Created: '2026-11-21T13:00:00Z', Image: 'sha256:1', RestartCount: 2 },
  State: {
    Status: 'exited',
    Running: false,
    ExitCode: 137,
    OOMKilled: true,
    StartedAt: '2026-11-21T13:00:01Z',
    FinishedAt: '2026-11-21T13:00:02Z',
  },
  Config: { Image: 'web:1', Labels: {}, Env: ['PASSWORD'] },
  ...more,
});

test.each([
  { given: 'nobody’s', labels: {}, name: '/web-1', kept: undefined },
  { given: 'a deployment’s', labels: ours, name: '/shop-r2.1.abc', kept: 'deployment shop' },
  { given: 'Odyssey’s', labels: {}, name: '/odyssey-broker-1', kept: 'Odyssey itself' },
  { given: 'another service’s', labels: { 'com.docker.swarm.service.name': 'stack_db' }, name: '/x', kept: 'stack_db' },
])('$given container', ({ labels, name, kept }) => {
  const reason = keptByOthers(container({ Name: name, Config: { Image: '', Labels: labels } }));
  if (kept === undefined) expect(reason).toBeUndefined();
  else expect(reason).toContain(kept);
});

test('one in full: its last exit, names of its environment, and its checks', () => {
  const detail = toDetail(container(), { image: 'web:1', status: 'Exited (137)' });
  expect(containerDetail.parse(detail)).toMatchObject({
    ...{ exitCode: 137, outOfMemory: true, restarts: 2, environmentNames: ['PASSWORD'], health: 'unknown' },
    finished: '2026-11-21T13:00:02Z',
  });
  const Log = [{ Start: '2026-11-21T13:00:00Z', End: '2026-11-21T13:00:01.5Z', ExitCode: 1, Output: 'no' }, {}];
  const running = container({
    State: {
      Status: 'running',
      Running: true,
      ExitCode: 0,
      FinishedAt: '0001-01-01T00:00:00Z',
      Health: { Status: 'unhealthy', Log },
    },
  });
  expect(containerDetail.parse(toDetail(running, { image: '', status: '' }))).toMatchObject({
    ...{ exitCode: null, finished: null, outOfMemory: null, health: 'unhealthy' },
    healthLog: [
      { seconds: 1.5, exitCode: 1, output: 'no' },
      { seconds: null, exitCode: -1 },
    ],
  });
});

test.each([
  { Health: { Status: 'healthy' }, health: 'healthy' },
  { Health: { Status: 'new word' }, health: 'unknown' },
  { Health: undefined, health: 'none' },
])('$Health → $health', ({ Health, health }) => {
  const State = { Status: 'running', Running: true, ExitCode: 0, ...(Health && { Health }) };
  expect(healthOf(container({ State }))).toBe(health);
});
