// What the engine's words mean: nothing that it did not say is made up.
import { expect, test } from 'vitest';
import { engineFact, isManager } from '../../../../core/lib/doctor/engine-fact.ts';

const words = { version: { Version: '28.5.2' }, info: {}, swarm: undefined, logsRotate: undefined, routes: undefined };
const member = { Swarm: { LocalNodeState: 'active', ControlAvailable: false } };
const manager = { Swarm: { LocalNodeState: 'active', ControlAvailable: true } };
const swarm = { DefaultAddrPool: ['10.97.0.0/16'] };
const refusing =
  'Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n* 0000610A 00000000 0200 0 0 0 0000FFFF 0 0 0\n';

test.each([
  { given: 'no word of a swarm', more: {}, pools: undefined },
  { given: 'no swarm', more: { info: { Swarm: { LocalNodeState: 'inactive' } } }, pools: [] },
  { given: 'a worker, which is not told', more: { info: member }, pools: undefined },
  { given: 'a manager that gave no answer', more: { info: manager }, pools: undefined },
  {
    given: 'pools without routes',
    more: { info: manager, swarm },
    pools: [{ pool: '10.97.0.0/16', refused: undefined }],
  },
  {
    given: 'pools that are refused',
    more: { info: manager, swarm, routes: refusing },
    pools: [{ pool: '10.97.0.0/16', refused: true }],
  },
])('$given', ({ more, pools }) => {
  expect(engineFact({ ...words, ...more })).toMatchObject({ kind: 'engine', version: '28.5.2', pools });
});

test('a version that is none is unknown; only a manager is asked for pools', () => {
  expect(engineFact({ ...words, version: {} })).toMatchObject({ version: '?', logDriver: undefined });
  expect([undefined, {}, member, manager].map(isManager)).toEqual([false, false, false, true]);
});
