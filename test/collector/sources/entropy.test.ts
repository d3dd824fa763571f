// Entropy is read from two files of one number.
import { expect, test } from 'vitest';
import { entropy } from '../../../collector/sources/entropy.ts';
import { read } from '../read.ts';

const folder = '/proc/sys/kernel/random';

test('bits at hand and bits there can be', async () => {
  expect(await read(entropy, { [`${folder}/entropy_avail`]: '256\n', [`${folder}/poolsize`]: '4096\n' })).toEqual([
    'node_entropy_available_bits 256',
    'node_entropy_pool_size_bits 4096',
  ]);
});
