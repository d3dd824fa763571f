// Whether each power supply gives power.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

export const powersupplyclass: Source = {
  name: 'powersupplyclass',
  metrics: [gauge('node_power_supply_online', '1 where the power supply gives power, 0 where not.')],
  async read({ listIfThere, readTextSlowly }) {
    const samples: Sample[] = [];
    for (const supply of listIfThere('/sys/class/power_supply')) {
      if (!listIfThere(`/sys/class/power_supply/${supply}`).includes('online')) continue;
      const online = parseInteger(await readTextSlowly(`/sys/class/power_supply/${supply}/online`));
      samples.push(sample('node_power_supply_online', online, { power_supply: supply }));
    }
    return samples;
  },
};
