// Ports: the defaults of the design, moved together.
import { expect, test } from 'vitest';
import { portsFrom } from '../../compose/ports.ts';

test('the default ports are those of the documentation', () => {
  expect(portsFrom(0)).toEqual({
    console: 8080,
    collector: 9401,
    broker: 9402,
    'control plane': 9403,
    'detectors gpu': 9405,
    'detectors container': 9406,
    'detectors process': 9407,
    'detectors disk': 9408,
    prometheus: 9090,
    alertmanager: 9093,
  });
});

test('a base moves every port by as much, and the largest base stays a port', () => {
  const [plain, moved] = [Object.values(portsFrom(0)), Object.values(portsFrom(56_000))];
  expect(moved).toEqual(plain.map((port) => port + 56_000));
  expect(Math.max(...moved)).toBeLessThan(65_536);
});
