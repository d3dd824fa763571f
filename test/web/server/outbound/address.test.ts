// W6, bar 27: every way to write an address that a call must not reach.
import { expect, test } from 'vitest';
import { kindOf, refuseAddress } from '../../../../web/server/outbound/address.ts';

test.each([
  { address: '169.254.169.254', kind: 'metadata' },
  { address: '169.254.170.2', kind: 'metadata' },
  { address: '100.100.100.200', kind: 'metadata' },
  { address: '168.63.129.16', kind: 'metadata' },
  { address: '192.0.0.192', kind: 'metadata' },
  { address: 'fd00:ec2::254', kind: 'metadata' },
  { address: 'FD00:0EC2:0:0:0:0:0:254', kind: 'metadata' },
  { address: '::ffff:169.254.169.254', kind: 'metadata' },
  { address: '::ffff:a9fe:a9fe', kind: 'metadata' },
  { address: '::169.254.169.254', kind: 'metadata' },
  { address: '64:ff9b::a9fe:a9fe', kind: 'metadata' },
  { address: '2002:a9fe:a9fe::1', kind: 'metadata' },
  { address: '127.0.0.1', kind: 'loopback' },
  { address: '127.255.255.254', kind: 'loopback' },
  { address: '::1', kind: 'loopback' },
  { address: '0:0:0:0:0:0:0:1', kind: 'loopback' },
  { address: '::ffff:127.0.0.1', kind: 'loopback' },
  { address: '169.254.1.1', kind: 'link-local' },
  { address: 'fe80::1', kind: 'link-local' },
  { address: 'febf::1%eth0', kind: 'link-local' },
  { address: '0.0.0.0', kind: 'unspecified' },
  { address: '::', kind: 'unspecified' },
  { address: '224.0.0.1', kind: 'multicast' },
  { address: '255.255.255.255', kind: 'multicast' },
  { address: 'ff02::1', kind: 'multicast' },
  { address: '10.0.0.1', kind: 'other' },
  { address: '192.0.2.7', kind: 'other' },
  { address: '2001:db8::1', kind: 'other' },
  { address: '::ffff:192.0.2.7', kind: 'other' },
])('$address is $kind', ({ address, kind }) => {
  expect(kindOf(address)).toBe(kind);
  expect(refuseAddress(address, false) === undefined).toBe(kind === 'other');
  const onlyWhenListed = kind === 'loopback' || kind === 'link-local';
  expect(refuseAddress(address, true) === undefined).toBe(kind === 'other' || onlyWhenListed);
});

test.each(['', 'localhost', '1.2.3', '256.0.0.1', '0x7f.0.0.1', '::g'])('%j is no address', (address) => {
  expect(() => kindOf(address)).toThrow();
});
