// npm run doctor [-- --data DIR] [--port-base N] [--json]: what this machine has and lacks, each with the fix; exit 1 where something fails.
import { readPlace } from '../place.ts';
import { examine } from './examine.ts';
import { renderReport } from './report.ts';

const place = readPlace(process.argv.slice(2), { switches: ['json'], words: 0 });
if (place.kind === 'wrong') {
  process.stderr.write(`${place.problems.join('\n')}\n`);
  process.exitCode = 1;
} else {
  const findings = await examine(place.dataDir, place.ports);
  const lines = place.switches.has('json') ? [JSON.stringify(findings, null, 2)] : renderReport(findings, 'all');
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = findings.some(({ state }) => state === 'fail') ? 1 : 0;
}
