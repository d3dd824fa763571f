// Load from inside an engine's network namespace: options as JSON, the outcome as JSON; without a number of requests until its input ends.
import { load } from '../load.ts';
import type { LoadOptions } from './start.ts';

const { requests, ...options } = JSON.parse(process.argv[2]!) as LoadOptions;
let ended = false;
if (requests === undefined) {
  process.stdin.on('end', () => {
    ended = true;
  });
  process.stdin.resume();
}
const { answers, ...result } = await load({
  ...options,
  goOn: (sent) => (requests === undefined ? !ended : sent < requests),
});
process.stdout.write(`${JSON.stringify({ ...result, answers: Object.fromEntries(answers) })}\n`);
