// Units of systemd by state, and the connections of its sockets; absent where something else starts the machine.
import { counter, gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { parseInteger } from '../../core/lib/parse.ts';
import { columnsOf, linesOf, pairsOf } from '../procfs.ts';
import type { Machine, Source } from '../source.ts';

const states = ['active', 'activating', 'deactivating', 'inactive', 'failed'] as const;
const limits = { timeoutSeconds: 5, outputBytesMax: 8 * 1024 * 1024 };

/** In the background, through systemctl: the alternative is a client of D-Bus, for seven series. */
export const systemd: Source = {
  name: 'systemd',
  intervalSeconds: 60,
  deadlineSeconds: 11,
  metrics: [
    gauge('node_systemd_units', 'Units by state.'),
    gauge('node_systemd_socket_current_connections', 'Connections the socket has now.'),
    counter('node_systemd_socket_accepted_connections_total', 'Connections the socket accepted.'),
    counter('node_systemd_socket_refused_connections_total', 'Connections the socket refused.'),
  ],
  async read(machine) {
    if (machine.readTextIfThere('/proc/1/comm')?.trim() !== 'systemd') return [];
    const units = await systemctl(machine, ['list-units', '--all', '--plain', '--no-legend', '--no-pager']);
    if (units === undefined) return [];
    const sockets = await systemctl(machine, ['show', '--property=Id,NAccepted,NConnections,NRefused', '*.socket']);
    return [...countUnits(units), ...socketSamples(sockets ?? '')];
  },
};

/** undefined where there is no systemctl, as in a container: nothing can be said, and nobody need mend it. */
async function systemctl({ run }: Machine, args: readonly string[]): Promise<string | undefined> {
  try {
    const { exitCode, stdout, stderr } = await run('systemctl', args, limits);
    if (exitCode !== 0) throw new Error(`systemctl ended with ${exitCode}: ${stderr.slice(0, 200)}`);
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function countUnits(text: string): Sample[] {
  const counts = new Map<string, number>(states.map((state) => [state, 0]));
  for (const line of linesOf(text)) {
    const [unit, , active] = columnsOf(line.replace(/^[^\w\s]\s/u, '')); // a dot marks what is broken
    if (active === undefined) throw new Error(`not a line of systemctl: ${JSON.stringify(unit?.slice(0, 80))}`);
    const count = counts.get(active);
    if (count !== undefined) counts.set(active, count + 1);
  }
  return [...counts].map(([state, count]) => sample('node_systemd_units', count, { state }));
}

export function socketSamples(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const block of text.split(/\n\n+/)) {
    const pairs = pairsOf(block.replaceAll(/^(\w+)=/gm, '$1:'));
    const name = pairs.get('Id');
    if (name === undefined) continue;
    for (const [property, metric] of [
      ['NConnections', 'node_systemd_socket_current_connections'],
      ['NAccepted', 'node_systemd_socket_accepted_connections_total'],
      ['NRefused', 'node_systemd_socket_refused_connections_total'],
    ] as const) {
      const value = pairs.get(property);
      if (value !== undefined) samples.push(sample(metric, parseInteger(value), { name }));
    }
  }
  return samples;
}
