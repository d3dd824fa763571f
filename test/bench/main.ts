// npm run bench -- NAME --json: measures one part and prints its figures; exit 1 where one with a bar falls short.
import { parseArgs } from 'node:util';
import { type Programs, runProgram } from '../prove/program.ts';

const programs: Programs = {
  collector: () => import('./collector.ts'),
  detect: () => import('./detect.ts'),
  forest: () => import('./forest.ts'),
};

// --json is the only form there is; it is accepted so that it may be said.
const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'boolean' } },
  allowPositionals: true,
});
process.exitCode = await runProgram(positionals[0], values.only, programs);
