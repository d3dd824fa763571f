// The application of the tests: answers with its version, and does what its environment asks for.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { VERSION = '0', CRASH, START_MILLISECONDS = '0', SECRET_FILE } = process.env;
if (CRASH !== undefined) process.exit(Number(CRASH));

const answers = {
  '/': () => VERSION,
  '/healthz': () => 'ok',
  '/pid': () => String(process.pid),
  '/secret': () => readFileSync(`/run/secrets/${SECRET_FILE}`, 'utf8').length.toString(),
};
const server = createServer((request, response) => {
  const answer = answers[request.url];
  if (answer === undefined) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/plain', 'x-version': VERSION }).end(answer());
});
server.keepAliveTimeout = 60_000;
setTimeout(() => server.listen(8080), Number(START_MILLISECONDS));

// Serves on for a second after it is told to end: that is how long its name may still be in somebody's cache.
process.once('SIGTERM', () => {
  setTimeout(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }, 1_000);
});
