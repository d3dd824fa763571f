// The state of each network interface: up, with a carrier, its packet size and its speed.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

/** Speed is told in megabits a second. */
const bytesPerMegabit = 125_000;

export const netclass: Source = {
  name: 'netclass',
  metrics: [
    gauge('node_network_up', '1 where the operational state of the interface is up, else 0.'),
    gauge('node_network_carrier', '1 where the interface has a carrier, 0 where not; absent while it is switched off.'),
    gauge('node_network_mtu_bytes', 'Largest packet the interface sends.'),
    gauge('node_network_speed_bytes', 'Speed of the link in bytes a second; absent where the link does not know it.'),
  ],
  read({ listIfThere, readTextIfThere }) {
    const samples: Sample[] = [];
    for (const device of listIfThere('/sys/class/net')) {
      const file = (name: string) => readTextIfThere(`/sys/class/net/${device}/${name}`)?.trim();
      const state = file('operstate');
      if (state === undefined) continue; // a file such as bonding_masters, or an interface that just went
      const labels = { device };
      samples.push(sample('node_network_up', state === 'up' ? 1 : 0, labels));
      const carrier = file('carrier');
      if (carrier !== undefined) samples.push(sample('node_network_carrier', parseInteger(carrier), labels));
      const mtu = file('mtu');
      if (mtu !== undefined) samples.push(sample('node_network_mtu_bytes', parseInteger(mtu), labels));
      const megabits = parseInteger(file('speed') ?? '-1');
      if (megabits >= 0) samples.push(sample('node_network_speed_bytes', megabits * bytesPerMegabit, labels));
    }
    return samples;
  },
};
