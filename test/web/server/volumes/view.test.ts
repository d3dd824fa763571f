// A volume as it is seen from this engine: of another node's nothing is claimed.
import { expect, test } from 'vitest';
import { volumeView } from '../../../../core/contracts/volumes.ts';
import type { ListedContainer, Node, Service, Volume } from '../../../../web/server/engine/objects.ts';
import { toVolumeView, type VolumeFacts } from '../../../../web/server/volumes/view.ts';

const row = { name: 'vol-data', environment: 'e', node: 'n1', budget_bytes: 100, created: 7 };
const service = {
  Spec: {
    Labels: { odyssey_deployment: 'shop', odyssey_revision: 'r2' },
    TaskTemplate: { ContainerSpec: { Mounts: [{ Type: 'volume', Source: 'vol-data', Target: '/d' }] } },
  },
} as unknown as Service;
const plain = { Spec: { Labels: {}, TaskTemplate: { ContainerSpec: {} } } } as unknown as Service;
const container = { Mounts: [{ Type: 'volume', Name: 'vol-data', Destination: '/d' }] } as unknown as ListedContainer;
const facts: VolumeFacts = {
  ...{ localNode: 'n1', volumes: [{ Name: 'vol-data' } as Volume], sizes: new Map([['vol-data', 50]]) },
  ...{
    services: [service, plain],
    nodes: [{ ID: 'n1', Description: { Hostname: 'one' } } as Node],
    containers: [container],
  },
};

test.each<{ given: string; facts: Partial<VolumeFacts>; expected: object }>([
  {
    given: 'here and in use',
    facts: {},
    expected: {
      node: { id: 'n1', name: 'one' },
      bytes: 50,
      attached: true,
      state: 'present',
      usedBy: [{ deployment: 'shop', revision: 'r2' }],
    },
  },
  { given: 'here and idle', facts: { services: [plain], containers: [] }, expected: { attached: false, usedBy: [] } },
  { given: 'recorded and gone', facts: { volumes: [], sizes: new Map() }, expected: { state: 'missing', bytes: null } },
  {
    given: 'not measured',
    facts: { sizes: undefined, containers: undefined },
    expected: { bytes: null, attached: null },
  },
  { given: 'on another node', facts: { localNode: 'n2' }, expected: { state: 'unknown', bytes: null, attached: null } },
  {
    given: 'on a node that the swarm no longer lists',
    facts: { nodes: [] },
    expected: { node: { id: 'n1', name: null } },
  },
])('$given', ({ facts: more, expected }) => {
  expect(volumeView.parse(toVolumeView(row, { ...facts, ...more }))).toMatchObject({
    budgetBytes: 100,
    created: 7,
    ...expected,
  });
});
