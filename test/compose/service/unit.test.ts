// The systemd unit: absolute paths, safe quoting, an orderly stop.
import { describe, expect, test } from 'vitest';
import { renderUnit } from '../../../compose/service/unit.ts';

const plan = {
  root: '/opt/odyssey',
  dataDir: '/srv/data',
  portBase: 0,
  node: '/opt/node',
  user: 'anna',
  home: '/home/anna',
};
const lineOf = (name: string, changed: Partial<typeof plan> = {}) =>
  renderUnit({ ...plan, ...changed })
    .split('\n')
    .find((line) => line.startsWith(`${name}=`));

describe('unit', () => {
  test.each([
    { name: 'User', expected: 'User=anna' },
    { name: 'Restart', expected: 'Restart=always' },
    { name: 'KillMode', expected: 'KillMode=mixed' },
    { name: 'WorkingDirectory', expected: 'WorkingDirectory=/opt/odyssey' },
    { name: 'WantedBy', expected: 'WantedBy=multi-user.target' },
  ])('$expected', ({ name, expected }) => {
    expect(lineOf(name)).toBe(expected);
  });

  test.each([
    {
      given: 'the plain case',
      changed: {},
      expected: /^ExecStart=\/opt\/node .*\/opt\/odyssey\/compose\/start\/main\.ts --data \/srv\/data$/,
    },
    { given: 'moved ports', changed: { portBase: 1000 }, expected: / --port-base 1000$/ },
    { given: 'a space', changed: { dataDir: '/srv/my data' }, expected: / --data "\/srv\/my data"$/ },
    { given: 'a percent sign', changed: { dataDir: '/srv/50%' }, expected: / --data \/srv\/50%%$/ },
    { given: 'a dollar sign and a quote', changed: { dataDir: '/srv/$x"y' }, expected: / --data "\/srv\/\$\$x\\"y"$/ },
  ])('command with $given', ({ changed, expected }) => {
    expect(lineOf('ExecStart', changed)).toMatch(expected);
  });

  test('it has longer to stop than the supervisor gives its children', () => {
    expect(Number(/TimeoutStopSec=(\d+)/.exec(renderUnit(plan))![1])).toBeGreaterThan(10 + 5);
  });
});
