// Which destinations this host refuses, from the text of /proc/net/route.

/** RTF_REJECT of linux/route.h: what `ip route add unreachable` makes. */
const reject = 0x0200;

/** Whether a packet to any address of the pool (`10.97.0.0/16`) is refused: by a route of the pool itself or of one around it. */
export function isRefused(text: string, pool: string): boolean {
  const wanted = readPool(pool);
  if (wanted === undefined) return false;
  return text
    .split('\n')
    .slice(1)
    .some((line) => {
      const [, destination, , flags, , , , mask] = line.trim().split(/\s+/);
      if (destination === undefined || flags === undefined || mask === undefined) return false;
      if ((Number.parseInt(flags, 16) & reject) === 0) return false;
      const around = fromLittleEndian(mask);
      const covers = (around & wanted.mask) >>> 0 === around;
      return covers && (wanted.address & around) >>> 0 === fromLittleEndian(destination);
    });
}

function readPool(pool: string): { address: number; mask: number } | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(pool);
  if (parts === null) return undefined;
  const [a, b, c, d, length] = parts.slice(1).map(Number) as [number, number, number, number, number];
  const mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
  return { address: (((a << 24) | (b << 16) | (c << 8) | d) & mask) >>> 0, mask };
}

/** The kernel prints addresses as they lie in memory. */
function fromLittleEndian(hex: string): number {
  const bytes = hex.match(/../g)?.reverse().join('') ?? '';
  return Number.parseInt(bytes, 16) >>> 0;
}
