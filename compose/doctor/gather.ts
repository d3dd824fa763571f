// Reads the facts about this machine before anything is started on it: what it says of itself, its ports and its engine.
import type { Facts } from '../../core/lib/doctor/facts.ts';
import { readMachineFacts } from '../../core/runtime/machine-facts.ts';
import type { Ports } from '../ports.ts';
import { gatherDocker } from './docker.ts';
import { gatherPorts } from './gather-ports.ts';

export interface GatherInput {
  dataDir: string;
  ports: Ports;
  /** Children of the Odyssey that runs on this data folder now. */
  ourPids: readonly number[];
  dockerHost: string | undefined;
}

export async function gather({ dataDir, ports, ourPids, dockerHost }: GatherInput): Promise<Facts> {
  const [machine, portFacts, docker] = await Promise.all([
    readMachineFacts(dataDir),
    gatherPorts(ports, ourPids),
    gatherDocker(dockerHost),
  ]);
  return { ...machine, ports: portFacts, docker };
}
