// No value of an environment, command line or health-check output leaves the broker, wherever an engine puts it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cleanEvent,
  envNames,
  inspectedContainer,
  inspectedForControl,
  joinTokens,
  listedContainer,
  project,
  strip,
  volumeSizes,
} from '../../../web/broker/clean.ts';

const secret = 'hunter2';
const inspected = {
  Id: 'abc',
  Name: '/web',
  Path: '/bin/sh',
  Args: ['-c', `login ${secret}`],
  RestartCount: 3,
  State: {
    Status: 'running',
    Pid: 7,
    Error: secret,
    Health: { Status: 'healthy', FailingStreak: 0, Log: [{ Output: `A=${secret}` }] },
  },
  Config: {
    Env: [`PASSWORD=${secret}`, 'EMPTY=', 'BARE'],
    Cmd: [secret],
    Entrypoint: [secret],
    Healthcheck: { Test: ['CMD-SHELL', `curl -u a:${secret}`] },
    Labels: { env: 'production', a: 'b' },
    Image: 'web:1',
  },
  HostConfig: { Memory: 1024, LogConfig: { Config: { 'splunk-token': secret } } },
  NewInSomeLaterEngine: { Environment: { PASSWORD: secret } },
};

describe('the collector’s answers', () => {
  test('an inspected container keeps identity, state and limits', () => {
    const kept = project(inspected, inspectedContainer);
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(kept).toMatchObject({
      Id: 'abc',
      RestartCount: 3,
      State: { Status: 'running', Pid: 7, Health: { Status: 'healthy' } },
      Config: { Env: ['PASSWORD', 'EMPTY', 'BARE'], Labels: { env: 'production' }, Image: 'web:1' },
      HostConfig: { Memory: 1024 },
    });
  });

  test('a listed container keeps its labels and loses its command', () => {
    const kept = project(
      { Id: 'abc', Names: ['/web'], Command: secret, Labels: { a: 'b' }, State: 'running' },
      listedContainer,
    );
    expect(kept).toEqual({ Id: 'abc', Names: ['/web'], Labels: { a: 'b' }, State: 'running' });
  });

  test.each([null, 'text', 7, []])('%o in the place of a container gives nothing of itself', (value) => {
    expect(project(value, listedContainer)).toBeUndefined();
  });
});

describe('the control plane’s answers', () => {
  test('environments at any depth keep their names, other things stay', () => {
    const service = {
      Spec: { TaskTemplate: { ContainerSpec: { Env: [`A=${secret}`], Labels: { environment: 'one' }, Args: ['x'] } } },
      PreviousSpec: { TaskTemplate: { ContainerSpec: { Env: [`A=${secret}`] } } },
      Version: { Index: 7 },
    };
    expect(strip(service)).toEqual({
      Spec: { TaskTemplate: { ContainerSpec: { Env: ['A'], Labels: { environment: 'one' }, Args: ['x'] } } },
      PreviousSpec: { TaskTemplate: { ContainerSpec: { Env: ['A'] } } },
      Version: { Index: 7 },
    });
  });

  test('health-check output, proxies with credentials and data of secrets are left out', () => {
    expect(
      strip({
        Health: { Status: 'healthy', Log: [{ Output: secret }] },
        HttpProxy: secret,
        Spec: { Name: 'db-1', Data: secret },
      }),
    ).toEqual({
      Health: { Status: 'healthy' },
      Spec: { Name: 'db-1' },
    });
  });

  test('what opens the swarm is left out, wherever it stands', () => {
    const swarm = { ID: 's1', JoinTokens: { Worker: secret, Manager: secret }, UnlockKey: secret };
    const Spec = { Name: 'default', CAConfig: { NodeCertExpiry: 1, SigningCAKey: secret } };
    expect(strip({ ...swarm, Spec, Swarm: { Cluster: swarm } })).toEqual({
      ID: 's1',
      Spec: { Name: 'default', CAConfig: { NodeCertExpiry: 1 } },
      Swarm: { Cluster: { ID: 's1' } },
    });
  });

  test('one container says also what its last checks printed, cut, and nothing else more', () => {
    const Output = `PASSWORD=${secret} ${'x'.repeat(5_000)}`;
    const Log = [{ Start: 'a', End: 'b', ExitCode: 1, Output, Later: secret }];
    const told = {
      ...inspected,
      State: { ...inspected.State, Health: { Status: 'unhealthy', FailingStreak: 3, Log } },
    };
    expect(inspectedForControl(told)).toEqual({
      ...(strip(told) as object),
      State: {
        ...(strip(told.State) as object),
        Health: {
          Status: 'unhealthy',
          FailingStreak: 3,
          Log: [{ Start: 'a', End: 'b', ExitCode: 1, Output: `PASSWORD=[redacted] ${'x'.repeat(4_076)}` }],
        },
      },
    });
    expect(inspectedForControl({ State: {} })).toEqual({ State: {} });
    expect(inspectedForControl(null)).toBeNull();
  });

  test('join tokens come alone, without the rest of the swarm', () => {
    const tokens = { Worker: 'SWMTKN-1-a', Manager: 'SWMTKN-1-b' };
    const swarm = { ID: 's1', JoinTokens: { ...tokens, Other: secret }, Spec: { CAConfig: { SigningCAKey: secret } } };
    expect(joinTokens(swarm)).toEqual({ JoinTokens: tokens });
  });

  test('of the disk’s use only the volumes’', () => {
    const Volumes = [{ Name: 'vol-a', Options: { device: secret }, UsageData: { Size: 7, RefCount: 1 } }];
    expect(volumeSizes({ LayersSize: 9, Containers: [{ Command: secret }], Volumes })).toEqual({
      Volumes: [{ Name: 'vol-a', UsageData: { Size: 7, RefCount: 1 } }],
    });
  });

  test('an environment in any form, anywhere, is never passed', () => {
    const shapes = fc.constantFrom<unknown>([`A=${secret}`], { A: secret }, secret, [[secret]], [{ A: secret }]);
    const keys = fc.constantFrom('Env', 'env', 'ENV', 'Environment', 'environment');
    const nest = fc.array(fc.constantFrom('Spec', 'Config', 'Items', 'x'), { maxLength: 5 });
    fc.assert(
      fc.property(keys, shapes, nest, (key, value, path) => {
        const whole = path.reduceRight<unknown>((inner, name) => ({ [name]: name === 'Items' ? [inner] : inner }), {
          [key]: value,
        });
        expect(JSON.stringify(strip(whole))).not.toContain(secret);
      }),
    );
  });
});

test('an entry keeps its name alone, so that it cannot be sent back as a value', () => {
  expect(envNames(['A=b=c', 'B=', 'C'])).toEqual(['A', 'B', 'C']);
});

test('events say that a command ran, not which', () => {
  const attributes = { name: 'web', env: 'production' };
  expect(
    cleanEvent({
      Type: 'container',
      Action: `exec_start: sh ${secret}`,
      status: `exec_start: ${secret}`,
      Actor: { Attributes: attributes },
    }),
  ).toEqual({
    Type: 'container',
    Action: 'exec_start',
    status: 'exec_start',
    Actor: { Attributes: attributes },
  });
  expect(cleanEvent({ Action: 'health_status: healthy' })).toEqual({ Action: 'health_status: healthy' });
});
