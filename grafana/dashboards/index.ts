// The list of dashboards; a new one is one file beside this one and one line here.
import type { Dashboard } from '../build/dashboard.ts';
import { anomalies } from './anomalies.ts';
import { appliance } from './appliance.ts';
import { baselines } from './baselines.ts';
import { containers } from './containers.ts';
import { deployments } from './deployments.ts';
import { disks } from './disks.ts';
import { dns } from './dns.ts';
import { gpu } from './gpu.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { overview } from './overview.ts';
import { powerThermal } from './power-thermal.ts';
import { processSecurity } from './process-security.ts';
import { processes } from './processes.ts';
import { rollup } from './rollup.ts';

export const dashboards: readonly Dashboard[] = [
  overview,
  rollup,
  node,
  containers,
  processes,
  gpu,
  powerThermal,
  network,
  dns,
  disks,
  anomalies,
  processSecurity,
  deployments,
  baselines,
  appliance,
];
