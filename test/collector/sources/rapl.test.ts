// Energy by zone, with upstream's index and path; without root there is none, and no failure.
import { expect, test } from 'vitest';
import { rapl } from '../../../collector/sources/rapl.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const at = (path: string) => `/sys/class/powercap/${path}`;
const zones = {
  [at('intel-rapl:0/name')]: 'package-0\n',
  [at('intel-rapl:0/energy_uj')]: '1500000\n',
  [at('intel-rapl:0:0/name')]: 'core\n',
  [at('intel-rapl:0:0/energy_uj')]: '500000\n',
  [at('intel-rapl:1/name')]: 'package-1\n',
  [at('intel-rapl:1/energy_uj')]: '2500000\n',
  [at('intel-rapl:1:0/name')]: 'core\n',
  [at('intel-rapl:1:0/energy_uj')]: '700000\n',
  [at('intel-rapl/enabled')]: '1\n',
};

test('packages carry their number, the others count up', async () => {
  expect(await read(rapl, zones)).toEqual([
    'node_rapl_package_joules_total{index="0",path="/sys/class/powercap/intel-rapl:0"} 1.5',
    'node_rapl_package_joules_total{index="1",path="/sys/class/powercap/intel-rapl:1"} 2.5',
    'node_rapl_core_joules_total{index="0",path="/sys/class/powercap/intel-rapl:0:0"} 0.5',
    'node_rapl_core_joules_total{index="1",path="/sys/class/powercap/intel-rapl:1:0"} 0.7',
  ]);
});

test.each([
  { given: 'no such processor', files: {}, gives: 0 },
  {
    given: 'a zone that only root may read',
    files: { ...zones, [at('intel-rapl:0/energy_uj')]: fileError('EACCES') },
    gives: 3,
  },
])('$given → $gives series', async ({ files, gives }) => {
  expect(await read(rapl, files)).toHaveLength(gives);
});

test('a read error fails the source', async () => {
  await expect(read(rapl, { ...zones, [at('intel-rapl:0/energy_uj')]: fileError('EIO') })).rejects.toThrow('EIO');
});
