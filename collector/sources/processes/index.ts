// The processes of this machine: how many, in which state, and added up by program.
import { gauge, sample } from '../../../core/contracts/sample.ts';
import { parseInteger } from '../../../core/lib/parse.ts';
import type { Source } from '../../source.ts';
import type { Engine } from '../containers/engine.ts';
import { createNamedGroups } from './named-groups.ts';
import { createScan, type Scan } from './scan.ts';

/** Both sources look at the processes together, once a scrape. */
export function createProcesses(engine: Engine): readonly Source[] {
  const scan = createScan();
  return [createProcessCounts(scan), createNamedGroups(scan, engine)];
}

function createProcessCounts(scan: Scan): Source {
  return {
    name: 'processes',
    metrics: [
      gauge('node_processes_pids', 'Processes of the machine, kernel threads included.'),
      gauge('node_processes_threads', 'Threads of all processes.'),
      gauge('node_processes_state', 'Processes by state, as the kernel abbreviates it.'),
      gauge('node_processes_max_processes', 'Highest pid that the kernel hands out.'),
      gauge('node_processes_max_threads', 'Most threads that the kernel allows.'),
    ],
    read(machine) {
      const states = new Map<string, number>();
      let threads = 0;
      const seen = scan(machine);
      for (const { stat } of seen) {
        states.set(stat.state, (states.get(stat.state) ?? 0) + 1);
        threads += stat.threads;
      }
      return [
        sample('node_processes_pids', seen.length),
        sample('node_processes_threads', threads),
        ...[...states].map(([state, count]) => sample('node_processes_state', count, { state })),
        sample('node_processes_max_processes', parseInteger(machine.readText('/proc/sys/kernel/pid_max'))),
        sample('node_processes_max_threads', parseInteger(machine.readText('/proc/sys/kernel/threads-max'))),
      ];
    },
  };
}
