// A hub of its own in a process of its own, with a megabyte for whoever watches: tells its port, then its memory ten times a second.
import { openLoneHub } from '../lone-hub.ts';

let turn = 0;
// A new text each time, so that no two readers and no two beats can share one.
const read = async () => ({ pad: `${turn++} `.padEnd(1_000_000, 'x') });
const { hub, url } = await openLoneHub([{ topic: 'live', everySeconds: 0.05, read }], {
  ...{ slowSeconds: 3, socketsMax: 50, socketsPerPersonMax: 50, knocksPerMinute: 100 },
});
process.stdout.write(`${JSON.stringify({ port: Number(new URL(url).port) })}\n`);
setInterval(() => {
  const { cutTotal } = hub.figures();
  process.stdout.write(`${JSON.stringify({ rss: process.memoryUsage().rss, cut: cutTotal['too-slow'] })}\n`);
}, 100);
