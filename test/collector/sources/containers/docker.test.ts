// The engine's answers, read with care: what is odd is left out or refused, never guessed.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAbsent, parseInspect, parseList, parseVersion } from '../../../../collector/sources/containers/docker.ts';
import { exportedContainerLabels, identityOf } from '../../../../collector/sources/containers/identity.ts';
import { ownLabels } from '../../../../web/server/deployments/names.ts';
import { fuzzRuns } from '../../../fuzz.ts';

const id = 'ab'.repeat(32);

describe("the engine's list", () => {
  test('its own name among those of legacy links, without the slash', () => {
    expect(parseList([{ Id: id, Names: ['/other/alias', '/web'], Image: 'x' }])[0]!.name).toBe('web');
    expect(parseList([{ Id: id, Names: [], Image: '', ImageID: 'sha256:1' }])[0]).toMatchObject({
      name: id.slice(0, 12),
      image: 'sha256:1',
    });
  });

  test.each([
    ['Up 3 minutes (healthy)', 'healthy'],
    ['Up 3 minutes (unhealthy)', 'unhealthy'],
    ['Up 1 second (health: starting)', 'starting'],
    ['Up 3 minutes', undefined],
    ['Up 3 minutes (Paused)', undefined],
  ])('%s → %s', (Status, health) => expect(parseList([{ Id: id, Status }])[0]!.health).toBe(health));

  test('a state that is not told is not known', () => {
    expect(parseList([{ Id: id }, { Id: id, State: 'paused' }]).map(({ state }) => state)).toEqual([
      undefined,
      'paused',
    ]);
  });

  test('rows without a whole id are left out; what is no list throws', () => {
    expect(parseList([{ Id: 'abc' }, null, 7, { Names: [] }])).toEqual([]);
    expect(() => parseList({ message: 'no' })).toThrow(/list of containers/);
  });

  test.each([
    [{ code: 'ENOENT' }, true],
    [{ message: 'x', cause: { code: 'ECONNREFUSED' } }, true],
    [new Error('Docker did not answer within 3 s'), false],
    [undefined, false],
  ])('%j is an absent engine: %s', (error, absent) => expect(isAbsent(error)).toBe(absent));
});

test('an inspection that tells nothing leaves everything unknown', () => {
  expect(parseInspect({ Id: id })).toEqual({
    pid: undefined,
    image: undefined,
    startedAtSeconds: undefined,
    restartCount: undefined,
    health: undefined,
    cgroupParent: undefined,
    privileged: undefined,
    hostMounts: [],
  });
  expect(parseInspect({ Id: id, State: { Pid: 0, StartedAt: '0001-01-01T00:00:00Z' } })).toMatchObject({
    pid: undefined,
    startedAtSeconds: undefined,
  });
  expect(() => parseInspect('oops')).toThrow(/a container/);
});

test.each([
  { State: undefined, health: undefined },
  { State: {}, health: 'none' },
  { State: { Health: null }, health: 'none' },
  { State: { Health: { Status: 'none' } }, health: 'none' },
  { State: { Health: { Status: 'unhealthy' } }, health: 'unhealthy' },
  { State: { Health: { Status: 'a new word' } }, health: undefined },
  { State: { Health: {} }, health: undefined },
])('$State: $health', ({ State, health }) => expect(parseInspect({ Id: id, State }).health).toBe(health));

describe('identity', () => {
  test.each([
    ['plain', 'web', {}, { replica: 'web', modelKey: 'web' }],
    [
      'compose',
      'shop-web-2',
      {
        'com.docker.compose.project': 'shop',
        'com.docker.compose.service': 'web',
        'com.docker.compose.container-number': '2',
      },
      { replica: 'shop-web-2', service: 'web', slot: '2', modelKey: 'shop/web' },
    ],
    [
      'swarm',
      'api.3.abc',
      { 'com.docker.swarm.service.name': 'api', 'com.docker.swarm.task.name': 'api.3.abc' },
      { replica: 'api.3', service: 'api', slot: '3', modelKey: 'api' },
    ],
    [
      'a service with dots',
      'a.b.3.x',
      { 'com.docker.swarm.service.name': 'a.b', 'com.docker.swarm.task.name': 'a.b.3.x' },
      { replica: 'a.b.3', slot: '3' },
    ],
    [
      'deployment',
      'api.1.x',
      {
        'com.docker.swarm.service.name': 'api-r7',
        'com.docker.swarm.task.name': 'api-r7.1.x',
        [ownLabels.deployment]: 'api',
        [ownLabels.revision]: 'r7',
      },
      { replica: 'api-r7.1', modelKey: 'api', revision: 'r7' },
    ],
  ])('%s', (_, name, labels, identity) => expect(identityOf({ name, labels })).toMatchObject(identity));

  test('only listed labels are exported, and none that is empty', () => {
    expect(
      exportedContainerLabels({ 'com.docker.compose.project': 'shop', [ownLabels.revision]: '', secret: 'x' }),
    ).toEqual({ container_label_com_docker_compose_project: 'shop' });
  });
});

test('what the control plane writes on the containers of a deployment is read as that', () => {
  const labels = { [ownLabels.environment]: 'e1', [ownLabels.deployment]: 'api', [ownLabels.revision]: 'r7' };
  expect(exportedContainerLabels(labels)).toEqual({
    container_label_odyssey_environment: 'e1',
    container_label_odyssey_deployment: 'api',
    container_label_odyssey_revision: 'r7',
  });
  expect(identityOf({ name: 'x', labels })).toMatchObject({ environment: 'e1', deployment: 'api', revision: 'r7' });
});

describe('whatever the engine says', () => {
  test('it is read or refused, never passed on as NaN', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (answer) => {
        for (const parse of [parseList, parseInspect, parseVersion]) {
          try {
            expect(JSON.stringify(parse(answer)) ?? '').not.toMatch(/NaN|null/);
          } catch (error) {
            expect((error as Error).message).toMatch(/the engine answered|NaN/);
          }
        }
      }),
      { numRuns: fuzzRuns },
    );
  }, 600_000);
});
