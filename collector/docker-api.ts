// GET on the Docker API, and nothing else: over the engine's socket or a TCP address, with a deadline and an answer bound.
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';

/** Longest answer: some 40,000 containers in one list. */
const answerBytesMax = 64 * 1024 * 1024;

/** Connections that are kept for the next request, and so may be dead by then. */
const staleMax = 2;

export type DockerGet = (path: string, timeoutSeconds: number) => Promise<unknown>;

/** `dockerHost` as the docker client understands it; throws on what it is not. At most four requests are open at a time. */
export function createDockerGet(dockerHost: string): DockerGet {
  const address = parseDockerHost(dockerHost);
  const agent = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: staleMax });
  return async (path, timeoutSeconds) => {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const options = { ...address, agent, path, signal, headers: { host: 'docker', accept: 'application/json' } };
    try {
      return await ask(options, staleMax);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new Error(`Docker did not answer ${path} within ${timeoutSeconds} s`, { cause: error });
    }
  };
}

/** An engine that restarts leaves dead connections behind; what fails on one that was used before is asked again. */
function ask(options: RequestOptions, again: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => readAnswer(response, options.path!).then(resolve, reject));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const stale = again > 0 && sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (stale) ask(options, again - 1).then(resolve, reject);
      else reject(error);
    });
    sent.end();
  });
}

export function parseDockerHost(dockerHost: string): Pick<RequestOptions, 'socketPath' | 'host' | 'port'> {
  const socket = /^unix:\/\/(\/.+)$/.exec(dockerHost)?.[1];
  if (socket !== undefined) return { socketPath: socket };
  const tcp = /^(?:tcp|http):\/\/([^/:]+|\[[^\]]+\]):(\d+)\/?$/.exec(dockerHost);
  if (tcp === null) throw new Error('give unix:///path/to/docker.sock or tcp://address:port');
  return { host: tcp[1]!.replace(/^\[|\]$/g, ''), port: Number(tcp[2]) };
}

async function readAnswer(response: IncomingMessage, path: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error(`Docker's answer to ${path} is longer than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  if (response.statusCode !== 200) throw new Error(`Docker answered ${path} with ${response.statusCode}`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
