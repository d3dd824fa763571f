// Networks, volumes, secrets, nodes, the swarm: a few fields each.
import { expect, test } from 'vitest';
import type { z } from 'zod';
import {
  networkCreate,
  nodeSpec,
  registryAuth,
  secretCreate,
  swarmInit,
  swarmUpdate,
  volumeCreate,
} from '../../../../web/broker/validate/objects.ts';

test.each<[string, z.ZodType, unknown, boolean]>([
  ['an overlay', networkCreate, { Name: 'env-one', Driver: 'overlay', Attachable: true, Internal: true }, true],
  [
    'an encrypted overlay',
    networkCreate,
    { Name: 'env-one', Driver: 'overlay', Attachable: true, Options: { encrypted: '' } },
    true,
  ],
  ['a name that could be an id', networkCreate, { Name: 'abc', Driver: 'overlay', Attachable: true }, false],
  ['a bridge', networkCreate, { Name: 'env-one', Driver: 'bridge', Attachable: true }, false],
  [
    'addresses of its own',
    networkCreate,
    { Name: 'env-one', Driver: 'overlay', Attachable: true, IPAM: { Config: [] } },
    false,
  ],
  [
    'another’s configuration',
    networkCreate,
    { Name: 'env-one', Driver: 'overlay', Attachable: true, ConfigFrom: { Network: 'x' } },
    false,
  ],
  ['a volume', volumeCreate, { Name: 'vol-a' }, true],
  ['a volume with empty options', volumeCreate, { Name: 'vol-a', DriverOpts: {} }, false],
  ['a cluster volume', volumeCreate, { Name: 'vol-a', ClusterVolumeSpec: {} }, false],
  ['a secret', secretCreate, { Name: 'db-1', Data: 'YQ==' }, true],
  ['the largest secret', secretCreate, { Name: 'db-1', Data: 'YQ=='.repeat(0) + 'YWFh'.repeat(174_000) }, true],
  ['a secret without a version', secretCreate, { Name: 'db', Data: 'YQ==' }, false],
  ['a secret from a driver', secretCreate, { Name: 'db-1', Driver: { Name: 'x' } }, false],
  ['a template', secretCreate, { Name: 'db-1', Data: 'YQ==', Templating: { Name: 'golang' } }, false],
  ['a node drained', nodeSpec, { Role: 'manager', Availability: 'drain', Labels: { zone: 'a' } }, true],
  ['a node of another kind', nodeSpec, { Role: 'root', Availability: 'drain' }, false],
  [
    'a swarm',
    swarmInit,
    { ListenAddr: '0.0.0.0:2377', AdvertiseAddr: '10.0.0.1', Spec: { Dispatcher: { HeartbeatPeriod: 1e9 } } },
    true,
  ],
  ['a swarm on an interface', swarmInit, { ListenAddr: 'eth0', AdvertiseAddr: 'eth0' }, false],
  [
    'a forced swarm',
    swarmInit,
    { ListenAddr: '0.0.0.0:2377', AdvertiseAddr: '10.0.0.1', ForceNewCluster: true },
    false,
  ],
  ['a heartbeat', swarmUpdate, { Name: 'default', Dispatcher: { HeartbeatPeriod: 1e9 } }, true],
  ['a heartbeat that floods', swarmUpdate, { Dispatcher: { HeartbeatPeriod: 1 } }, false],
  ['a foreign authority', swarmUpdate, { CAConfig: { ExternalCAs: [] } }, false],
  ['a log driver for all', swarmUpdate, { TaskDefaults: { LogDriver: { Name: 'syslog' } } }, false],
  ['credentials', registryAuth, { username: 'a', password: 'b', serveraddress: 'registry:5000' }, true],
  ['credentials for nobody', registryAuth, { username: 'a', password: 'b' }, false],
])('%s: %s', (_name, schema, body, taken) => expect(schema.safeParse(body).success).toBe(taken));
