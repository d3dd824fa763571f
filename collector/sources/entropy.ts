// The kernel's pool of random bits.
import { gauge, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import type { Source } from '../source.ts';

export const entropy: Source = {
  name: 'entropy',
  metrics: [
    gauge('node_entropy_available_bits', 'Bits of entropy at hand.'),
    gauge('node_entropy_pool_size_bits', 'Bits the entropy pool can hold.'),
  ],
  read: ({ readText }) => [
    sample('node_entropy_available_bits', parseInteger(readText('/proc/sys/kernel/random/entropy_avail'))),
    sample('node_entropy_pool_size_bits', parseInteger(readText('/proc/sys/kernel/random/poolsize'))),
  ],
};
