// Which addresses a call that leaves this machine may reach: never a cloud's metadata service, never back into this machine unless that very place was listed.

export type AddressKind = 'metadata' | 'loopback' | 'link-local' | 'unspecified' | 'multicast' | 'other';

/** Where clouds answer with credentials: AWS, GCP, Azure and OpenStack; AWS tasks; AWS over IPv6; Alibaba; Azure's wire server; Oracle. */
const metadata = new Set([
  '169.254.169.254',
  '169.254.170.2',
  'fd00:ec2::254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
]);

/** What kind of address this is; IPv4 inside IPv6 (mapped, compatible, NAT64, 6to4) counts as the IPv4 it reaches. Throws on what is no address. */
export function kindOf(address: string): AddressKind {
  if (address.includes(':')) return kindOfV6(groupsOf(address), address);
  const bytes = address.split('.').map(Number);
  if (bytes.length !== 4 || !/^[\d.]+$/.test(address) || bytes.some((byte) => byte > 255))
    throw new Error(`not an address: ${address.slice(0, 60)}`);
  return kindOfV4(bytes);
}

function kindOfV4(bytes: readonly number[]): AddressKind {
  if (metadata.has(bytes.join('.'))) return 'metadata';
  const [first, second] = bytes as [number, number];
  if (first === 127) return 'loopback';
  if (first === 169 && second === 254) return 'link-local';
  if (first === 0) return 'unspecified';
  return first >= 224 ? 'multicast' : 'other';
}

function kindOfV6(groups: readonly number[], address: string): AddressKind {
  const inner = innerV4(groups);
  if (inner !== undefined) return kindOfV4(inner);
  if (metadata.has(canonicalV6(address))) return 'metadata';
  if (groups.every((group) => group === 0)) return 'unspecified';
  if (groups.slice(0, 7).every((group) => group === 0) && groups[7] === 1) return 'loopback';
  if ((groups[0]! & 0xffc0) === 0xfe80) return 'link-local';
  return groups[0]! >= 0xff00 ? 'multicast' : 'other';
}

/** The IPv4 address that an IPv6 one leads to, if it does. */
function innerV4(groups: readonly number[]): number[] | undefined {
  const last = bytesOf(groups.slice(6));
  const zeros = (from: number, to: number) => groups.slice(from, to).every((group) => group === 0);
  if (zeros(0, 5) && groups[5] === 0xffff) return last; // ::ffff:a.b.c.d
  if (zeros(0, 6) && groups[6] !== 0) return last; // ::a.b.c.d
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return last; // 64:ff9b::a.b.c.d
  return groups[0] === 0x2002 ? bytesOf(groups.slice(1, 3)) : undefined; // 2002:aabb:ccdd::
}

function bytesOf(groups: readonly number[]): number[] {
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

/** The one spelling of an IPv6 address, without its zone. */
function canonicalV6(address: string): string {
  return new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
}

function groupsOf(address: string): number[] {
  const [head = '', tail] = canonicalV6(address).split('::');
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return read(head);
  const [left, right] = [read(head), read(tail)];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}

/** Why a call may not go to this address, or undefined. `listed` says whether a person named that very host and port. */
export function refuseAddress(address: string, listed: boolean): string | undefined {
  const kind = kindOf(address);
  if (kind === 'other') return undefined;
  if (kind === 'loopback' || kind === 'link-local') {
    return listed ? undefined : `${address} is ${kind}: list that very address and port to allow it`;
  }
  return `${address} is ${kind}: calls never go there`;
}
