// A console plane in a process of its own, so that it can be frozen whole: prints its address, and ends with its standard input.
import { openConsolePlane } from '../console-plane.ts';

const plane = await openConsolePlane();
process.stdout.write(`${plane.url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void plane.close().then(() => process.exit(0)));
