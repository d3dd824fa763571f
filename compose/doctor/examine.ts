// The doctor's visit before anything runs: gathers the facts and judges them.

import type { Finding } from '../../core/contracts/doctor.ts';
import { judge } from '../../core/lib/doctor/findings.ts';
import type { Ports } from '../ports.ts';
import { leftChildren, lockHolder } from '../start/lock-file.ts';
import { gather } from './gather.ts';

export async function examine(dataDir: string, ports: Ports): Promise<Finding[]> {
  const runDir = `${dataDir}/run`;
  const ourPids = lockHolder(runDir) === undefined ? [] : leftChildren(runDir);
  return judge(await gather({ dataDir, ports, ourPids, dockerHost: process.env['DOCKER_HOST'] }));
}
