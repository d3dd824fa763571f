// npm run prove -- NAME [--only FIGURE]: runs the real thing and prints its figures; exit 1 where one falls short.
import { parseArgs } from 'node:util';
import { type Programs, runProgram } from './program.ts';

const programs: Programs = {
  collector: () => import('./collector.ts'),
  'main-job': () => import('./main-job.ts'),
  detection: () => import('./detection.ts'),
  'control-plane': () => import('./control-plane.ts'),
  console: () => import('./console.ts'),
  deployments: () => import('./deployments.ts'),
  appliance: () => import('./appliance.ts'),
};

const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
process.exitCode = await runProgram(positionals[0], values.only, programs);
