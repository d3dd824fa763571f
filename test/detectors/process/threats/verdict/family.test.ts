// A rule speaks once for a line, however many commands match, in its own category where it has one.
import { expect, test } from 'vitest';
import { readLine } from '../../../../../detectors/process/threats/shell/line.ts';
import type { Family } from '../../../../../detectors/process/threats/verdict/family.ts';
import { examine } from '../../../../../detectors/process/threats/verdict/family.ts';

const family: Family = {
  name: 'sample',
  category: 'crypto_miners',
  rules: [
    { id: 'one', technique: 'T1', weight: 'strong', reason: 'r', when: ({ name }) => name === 'x' },
    {
      id: 'two',
      technique: 'T2',
      weight: 'weak',
      reason: 'r',
      category: 'reverse_shells',
      when: ({ name }) => name === 'y',
    },
  ],
};

test('each rule at most once', () => {
  expect(examine(family, readLine('x; x; y')).map(({ id, category }) => [id, category])).toEqual([
    ['one', 'crypto_miners'],
    ['two', 'reverse_shells'],
  ]);
  expect(examine(family, readLine('z'))).toEqual([]);
});
