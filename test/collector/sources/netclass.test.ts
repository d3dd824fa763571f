// The state of interfaces; what a link does not know is absent.
import { expect, test } from 'vitest';
import { netclass } from '../../../collector/sources/netclass.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const at = (path: string) => `/sys/class/net/${path}`;

test.each([
  {
    given: 'a card that is up',
    files: {
      [at('eth0/operstate')]: 'up\n',
      [at('eth0/carrier')]: '1\n',
      [at('eth0/mtu')]: '1500\n',
      [at('eth0/speed')]: '1000\n',
    },
    gives: [
      'node_network_up{device="eth0"} 1',
      'node_network_carrier{device="eth0"} 1',
      'node_network_mtu_bytes{device="eth0"} 1500',
      'node_network_speed_bytes{device="eth0"} 125000000',
    ],
  },
  {
    given: 'a card that is switched off and refuses to tell',
    files: {
      [at('eth1/operstate')]: 'down\n',
      [at('eth1/carrier')]: fileError('EINVAL'),
      [at('eth1/mtu')]: '1500\n',
      [at('eth1/speed')]: fileError('EINVAL'),
    },
    gives: ['node_network_up{device="eth1"} 0', 'node_network_mtu_bytes{device="eth1"} 1500'],
  },
  {
    given: 'a virtual one without a speed',
    files: { [at('veth1/operstate')]: 'up\n', [at('veth1/mtu')]: '1500\n', [at('veth1/speed')]: '-1\n' },
    gives: ['node_network_up{device="veth1"} 1', 'node_network_mtu_bytes{device="veth1"} 1500'],
  },
  { given: 'loopback', files: { [at('lo/operstate')]: 'unknown\n' }, gives: ['node_network_up{device="lo"} 0'] },
  { given: 'a file among the interfaces', files: { [at('bonding_masters')]: 'bond0\n' }, gives: [] },
])('$given', async ({ files, gives }) => {
  expect(await read(netclass, files)).toEqual(gives);
});
