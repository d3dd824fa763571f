// Whether a pool of addresses is kept from leaving the host, read from the kernel's own table.
import { expect, test } from 'vitest';
import { isRefused } from '../../../../core/lib/doctor/host-routes.ts';

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
const line = (device: string, destination: string, flags: string, mask: string) =>
  `${device}\t${destination}\t00000000\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0`;

test.each([
  { given: 'a route of the pool itself', routes: [line('*', '0000610A', '0201', '0000FFFF')], refused: true },
  { given: 'one around it', routes: [line('*', '0000000A', '0201', '000000FF')], refused: true },
  { given: 'one of a part of it', routes: [line('*', '0000610A', '0201', '00FFFFFF')], refused: false },
  { given: 'one of another pool', routes: [line('*', '0000620A', '0201', '0000FFFF')], refused: false },
  { given: 'a route that leads there', routes: [line('eth0', '0000610A', '0001', '0000FFFF')], refused: false },
  { given: 'the default route alone', routes: [line('eth0', '00000000', '0003', '00000000')], refused: false },
  { given: 'no routes', routes: [], refused: false },
])('$given → $refused', ({ routes, refused }) => {
  expect(isRefused([head, ...routes, ''].join('\n'), '10.97.0.0/16')).toBe(refused);
});

test('what is no pool is not refused', () => {
  expect(isRefused([head, line('*', '00000000', '0201', '00000000')].join('\n'), 'fd00::/8')).toBe(false);
});
