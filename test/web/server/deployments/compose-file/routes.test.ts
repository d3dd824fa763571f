// Compose files over the API, before an engine in memory: looked at as a whole before anything of them is deployed.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeEngine } from '../../../../fakes/engine.ts';
import { openPlane, type TestPlane } from '../../plane.ts';

let it: TestPlane;
beforeEach(async () => {
  const engine = fakeEngine();
  engine.host = {
    ...engine.host,
    Swarm: { LocalNodeState: 'active', ControlAvailable: true, NodeID: 'n1', Managers: 1, Nodes: 1 },
  };
  it = await openPlane({ engine });
});
afterEach(() => it.close());

const call = (method: string, path: string, body?: unknown) =>
  it.admin.call(method, `/environments/${it.defaultEnvironment}${path}`, body);
const file = (...names: string[]) => ({
  text: `services: { ${names.map((name) => `${name}: { image: "sha256:${'a'.repeat(64)}" }`).join(', ')} }`,
});

test('nothing of a file is deployed when one of its services cannot be, and the preview says so already', async () => {
  expect((await call('POST', '/compose', file('web'))).status).toBe(202);
  for (const path of ['/compose/preview', '/compose']) {
    const answer = await call('POST', path, file('api', 'web'));
    expect(answer).toMatchObject({ status: 409, body: { type: 'urn:odyssey:problem:name-taken' } });
  }
  const { body } = await call('GET', '/deployments');
  expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['web']);
});

test('every service of a file answers with its operation', async () => {
  const { status, body } = await call('POST', '/compose', file('api', 'web'));
  expect(status).toBe(202);
  expect(body.items).toMatchObject([{ deployment: 'api' }, { deployment: 'web' }]);
});
