// Power supplies that say whether they are online.
import { expect, test } from 'vitest';
import { powersupplyclass } from '../../../collector/sources/powersupplyclass.ts';
import { read } from '../read.ts';

test.each([
  { given: 'none', files: {}, gives: [] },
  {
    given: 'a supply and a battery, which has no such file',
    files: { '/sys/class/power_supply/AC/online': '1\n', '/sys/class/power_supply/BAT0/capacity': '80\n' },
    gives: ['node_power_supply_online{power_supply="AC"} 1'],
  },
])('$given', async ({ files, gives }) => {
  expect(await read(powersupplyclass, files)).toEqual(gives);
});
