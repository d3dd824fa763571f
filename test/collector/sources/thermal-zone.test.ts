// Thermal zones and cooling devices; a zone that is switched off has no value.
import { expect, test } from 'vitest';
import { thermalZone } from '../../../collector/sources/thermal-zone.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const at = (path: string) => `/sys/class/thermal/${path}`;

test('one of each', async () => {
  const files = {
    [at('thermal_zone0/type')]: 'acpitz\n',
    [at('thermal_zone0/temp')]: '27800\n',
    [at('thermal_zone1/type')]: 'off\n',
    [at('thermal_zone1/temp')]: fileError('ENODATA'),
    [at('cooling_device3/type')]: 'Processor\n',
    [at('cooling_device3/cur_state')]: '1\n',
    [at('cooling_device3/max_state')]: '10\n',
  };
  expect(await read(thermalZone, files)).toEqual([
    'node_thermal_zone_temp{type="acpitz",zone="0"} 27.8',
    'node_cooling_device_cur_state{name="3",type="Processor"} 1',
    'node_cooling_device_max_state{name="3",type="Processor"} 10',
  ]);
});

test('none', async () => {
  expect(await read(thermalZone, {})).toEqual([]);
});
