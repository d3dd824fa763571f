// The doctor's visit: gathers the facts and judges them.

import type { Ports } from '../ports.ts';
import { leftChildren, lockHolder } from '../start/lock-file.ts';
import type { Finding } from './finding.ts';
import { judge } from './findings.ts';
import { gather } from './gather.ts';

export async function examine(dataDir: string, ports: Ports): Promise<Finding[]> {
  const runDir = `${dataDir}/run`;
  const ourPids = lockHolder(runDir) === undefined ? [] : leftChildren(runDir);
  return judge(await gather({ dataDir, ports, ourPids, dockerHost: process.env['DOCKER_HOST'] }));
}
