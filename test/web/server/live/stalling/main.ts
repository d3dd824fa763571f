// A hub of its own in a process of its own, with a megabyte for whoever watches: tells its port, then its memory ten times a second.
import { createServer } from 'node:http';
import type { Identity } from '../../../../../web/server/identity.ts';
import { openHub } from '../../../../../web/server/live/hub.ts';

const identity: Identity = {
  ...{
    person: 'p',
    name: 'n',
    hasSecondFactor: false,
    lacksSecondFactor: false,
    grants: [{ environment: '*', role: 'admin' }],
  },
  use: { kind: 'session', id: 's', csrf: 'c', confirmed: 0 },
};
const server = createServer();
let turn = 0;
const hub = openHub(server, {
  ...{ tls: false, slowSeconds: 3, recheckSeconds: 60, socketsMax: 50, socketsPerPersonMax: 50, knocksPerMinute: 100 },
  identify: async () => identity,
  // A new text each time, so that no two readers and no two beats can share one.
  feeds: [{ topic: 'live', everySeconds: 0.05, read: async () => ({ pad: `${turn++} `.padEnd(1_000_000, 'x') }) }],
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`${JSON.stringify({ port })}\n`);
  setInterval(() => {
    const { cutTotal } = hub.figures();
    process.stdout.write(`${JSON.stringify({ rss: process.memoryUsage().rss, cut: cutTotal['too-slow'] })}\n`);
  }, 100);
});
