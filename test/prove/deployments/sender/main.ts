// Sends so many lines of a request log, in frames as HAProxy's ring does, as fast as the other side takes them.
import { once } from 'node:events';
import { connect } from 'node:net';

const [, , socketPath, count] = process.argv as [string, string, string, string];
const perChunk = 200;

const socket = connect(socketPath);
await once(socket, 'connect');
for (let sent = 0; sent < Number(count); sent += perChunk) {
  const frames = Array.from({ length: perChunk }, (_, at) => {
    const line = `r shop-${at % 7} r${at % 3} ${at % 50 === 0 ? 503 : 200} ${(sent + at) % 900} 5 1${at} s${at % 9} ---- 0`;
    return `${line.length} ${line}`;
  });
  if (!socket.write(frames.join(''), 'latin1')) await once(socket, 'drain');
}
socket.end();
await once(socket, 'close');
