// GET on the Docker API, and nothing else: over the engine's socket or a TCP address, with a deadline and an answer bound.
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http';

/** Longest answer: some 40,000 containers in one list. */
const answerBytesMax = 64 * 1024 * 1024;

export type DockerGet = (path: string, timeoutSeconds: number) => Promise<unknown>;

/** `dockerHost` as the docker client understands it; throws on what it is not. At most four requests are open at a time. */
export function createDockerGet(dockerHost: string): DockerGet {
  const address = parseDockerHost(dockerHost);
  const agent = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 2 });
  return (path, timeoutSeconds) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      const fail = (error: Error) => {
        const late = signal.aborted;
        reject(late ? new Error(`Docker did not answer ${path} within ${timeoutSeconds} s`, { cause: error }) : error);
      };
      const headers = { host: 'docker', accept: 'application/json' };
      const sent = request({ ...address, agent, path, signal, headers }, (response) => {
        readAnswer(response, path).then(resolve, fail);
      });
      sent.on('error', fail);
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
