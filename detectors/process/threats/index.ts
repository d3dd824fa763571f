// The families of threat patterns, in one list: a new family is one file and one line here.
import { accounts } from './accounts.ts';
import { containerEscapes } from './container-escapes.ts';
import { cryptoMiners } from './crypto-miners.ts';
import { defences } from './defences.ts';
import { destruction } from './destruction.ts';
import { exfiltration } from './exfiltration.ts';
import { interpreterSockets } from './interpreter-sockets.ts';
import { kernelModules } from './kernel-modules.ts';
import { persistence } from './persistence.ts';
import { privilegeGrants } from './privilege-grants.ts';
import { reverseShells } from './reverse-shells.ts';
import { scheduledJobs } from './scheduled-jobs.ts';
import { shellEscapes } from './shell-escapes.ts';
import { staging } from './staging.ts';
import { suspiciousNetwork } from './suspicious-network.ts';
import { traces } from './traces.ts';
import { tunnels } from './tunnels.ts';
import { uploads } from './uploads.ts';
import type { Family } from './verdict/family.ts';

export const families: readonly Family[] = [
  accounts,
  containerEscapes,
  cryptoMiners,
  defences,
  destruction,
  exfiltration,
  interpreterSockets,
  kernelModules,
  persistence,
  privilegeGrants,
  reverseShells,
  scheduledJobs,
  shellEscapes,
  staging,
  suspiciousNetwork,
  traces,
  tunnels,
  uploads,
];
