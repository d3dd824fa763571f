// How long each name server of the machine takes to answer, and whether it does.
import { gauge, type Sample, sample } from '../../core/contracts/sample.ts';
import { columnsOf, linesOf } from '../procfs.ts';
import type { Machine, Source } from '../source.ts';

/** The C library asks no more than three. */
const serversMax = 3;
const namesMax = 16;
const timeoutSeconds = 3;

/** Of a query that was sent. All else (an address that is none, no memory) is this machine's own. */
const failures: ReadonlySet<string> = new Set([
  'ETIMEOUT',
  'ECONNREFUSED',
  'ESERVFAIL',
  'EREFUSED',
  'ENOTFOUND',
  'EFORMERR',
  'ENOTIMP',
  'EBADRESP',
  'EOF',
]);

export function createDns(names: readonly string[]): Source {
  return {
    name: 'dns',
    metrics: [
      gauge('dns_resolution_duration_seconds', 'How long the last DNS query took; absent where it failed.'),
      gauge(
        'dns_resolution_success',
        '1 where the last DNS query was answered, else 0; absent where the server could not be asked.',
      ),
    ],
    intervalSeconds: 30,
    deadlineSeconds: timeoutSeconds + 1,
    async read(machine) {
      const servers = nameServers(machine.readTextIfThere('/etc/resolv.conf') ?? '');
      const queries = servers.flatMap((server) => names.slice(0, namesMax).map((name) => query(machine, server, name)));
      return (await Promise.all(queries)).flat();
    },
  };
}

export function nameServers(text: string): string[] {
  const servers = linesOf(text)
    .map(columnsOf)
    .filter(([keyword, address]) => keyword === 'nameserver' && address !== undefined)
    .map(([, address]) => address!);
  return [...new Set(servers)].slice(0, serversMax);
}

async function query(machine: Machine, server: string, name: string): Promise<Sample[]> {
  const labels = { server, name };
  const startedAtSeconds = machine.monotonicSeconds();
  try {
    await machine.resolve(server, name, timeoutSeconds);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A failed query is what this source is there to tell, so it is a value; one that was never sent says nothing of the server.
    if (!answered(name, code)) return failures.has(code ?? '') ? [sample('dns_resolution_success', 0, labels)] : [];
  }
  return [
    sample('dns_resolution_duration_seconds', machine.monotonicSeconds() - startedAtSeconds, labels),
    sample('dns_resolution_success', 1, labels),
  ];
}

/** A name may exist without an A record, and of localhost a server may rightly say that it knows no such name: RFC 6761, 6.3. */
function answered(name: string, code: string | undefined): boolean {
  return code === 'ENODATA' || (name === 'localhost' && code === 'ENOTFOUND');
}
