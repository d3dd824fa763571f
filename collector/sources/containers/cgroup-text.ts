// The little text formats that control groups speak, read strictly: what is not a number throws.
import { parseInteger, parseNumber } from '../../../core/lib/parse.ts';

/** "name number" lines, as in cpu.stat, memory.stat and memory.events. */
export function parseKeyed(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const space = line.indexOf(' ');
    values.set(line.slice(0, space), parseNumber(line.slice(space + 1)));
  }
  return values;
}

/** One number alone in a file; "max" is no limit, which the exposition writes as 0. */
export function parseLimit(text: string): number {
  return text.trim() === 'max' ? 0 : parseInteger(text);
}

export interface Pressure {
  /** Seconds in which at least one task waited. */
  waitingSeconds: number;
  /** Seconds in which all tasks waited. Absent where the kernel has no such line. */
  stalledSeconds: number | undefined;
}

/** A pressure file: "some avg10=… total=MICROSECONDS" and, mostly, "full …" (docs.kernel.org/accounting/psi.html). */
export function parsePressure(text: string): Pressure {
  const some = /^some .*\btotal=(\d+)/m.exec(text);
  if (some === null) throw new Error(`no "some" line in a pressure file: ${JSON.stringify(text.slice(0, 80))}`);
  const full = /^full .*\btotal=(\d+)/m.exec(text);
  return { waitingSeconds: Number(some[1]) / 1e6, stalledSeconds: full === null ? undefined : Number(full[1]) / 1e6 };
}

/** What one block device did for a group; `device` is major:minor. */
export interface DeviceUse {
  device: string;
  readBytes: number;
  writeBytes: number;
  reads: number;
  writes: number;
  discardBytes: number | undefined;
  ioSeconds: number | undefined;
}

const deviceName = /^\d+:\d+$/;

/** io.stat of cgroup v2: "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6", a line a device; a device may stand alone. */
export function parseIoStat(text: string): DeviceUse[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([device, ...pairs]) => device !== '' && pairs.length > 0)
    .map(([device, ...pairs]) => {
      if (!deviceName.test(device!)) throw new Error(`not a block device: ${JSON.stringify(device!.slice(0, 40))}`);
      const values = new Map(pairs.map((pair) => pair.split('=') as [string, string | undefined]));
      const value = (key: string): number => (values.has(key) ? parseNumber(values.get(key)) : 0);
      return {
        device: device!,
        readBytes: value('rbytes'),
        writeBytes: value('wbytes'),
        reads: value('rios'),
        writes: value('wios'),
        discardBytes: values.has('dbytes') ? value('dbytes') : undefined,
        ioSeconds: undefined,
      };
    });
}

/** blkio files of cgroup v1: "8:0 Read 4096" lines and a "Total" at the end; the sum by device and operation. */
export function parseBlkio(text: string): Map<string, Map<string, number>> {
  const devices = new Map<string, Map<string, number>>();
  for (const line of text.split('\n')) {
    const [device, operation, amount] = line.trim().split(/\s+/);
    if (device === '' || device === 'Total') continue;
    if (!deviceName.test(device!) || operation === undefined)
      throw new Error(`not a line of blkio: ${JSON.stringify(line.slice(0, 80))}`);
    const operations = devices.get(device!) ?? new Map<string, number>();
    operations.set(operation, parseNumber(amount));
    devices.set(device!, operations);
  }
  return devices;
}
