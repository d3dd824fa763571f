// Interface counters in the format of /proc/net/dev, as a container's own network namespace shows them.
import { parseNumber } from '../../../core/lib/parse.ts';

export interface InterfaceUse {
  name: string;
  receive: Direction;
  transmit: Direction;
}

interface Direction {
  bytes: number;
  packets: number;
  errors: number;
  dropped: number;
}

/** Every interface but the loopback. The columns are receive 0–7 and transmit 8–15: bytes, packets, errs, drop, … */
export function parseNetDev(text: string): InterfaceUse[] {
  const interfaces: InterfaceUse[] = [];
  for (const line of text.split('\n').slice(2)) {
    if (line.trim() === '') continue;
    const colon = line.lastIndexOf(':');
    const name = line.slice(0, colon).trim();
    const columns = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/);
    if (colon < 0 || columns.length < 12)
      throw new Error(`not a line of net/dev: ${JSON.stringify(line.slice(0, 80))}`);
    if (name === 'lo') continue;
    interfaces.push({ name, receive: directionAt(columns, 0), transmit: directionAt(columns, 8) });
  }
  return interfaces;
}

function directionAt(columns: readonly string[], first: number): Direction {
  const [bytes, packets, errors, dropped] = columns.slice(first, first + 4).map(parseNumber);
  return { bytes: bytes!, packets: packets!, errors: errors!, dropped: dropped! };
}
