// Asks the Docker engine for its version, log driver and pools: three GETs with a deadline, nothing is changed.
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { engineFact, isManager } from '../../core/lib/doctor/engine-fact.ts';
import type { DockerFact } from '../../core/lib/doctor/facts.ts';
import { readEngineSurroundings } from '../../core/runtime/machine-facts.ts';

const patienceSeconds = 3;
const answerBytesMax = 2 ** 20;
const defaultSocket = '/var/run/docker.sock';

/** `dockerHost` as in DOCKER_HOST: unix:///path or tcp://host:port; undefined is the default socket. */
export async function gatherDocker(dockerHost: string | undefined): Promise<DockerFact> {
  const address = dockerHost || `unix://${defaultSocket}`;
  const at = target(address);
  if (at === undefined) return { kind: 'refused', reason: `DOCKER_HOST=${address} is neither unix:// nor tcp://` };
  if ('socketPath' in at && !existsSync(at.socketPath)) return { kind: 'absent' };
  try {
    const version = await getJson(at, '/version');
    const info = await getJson(at, '/info').catch(() => undefined);
    const swarm = isManager(info) ? await getJson(at, '/swarm').catch(() => undefined) : undefined;
    return engineFact({ version, info, swarm, ...readEngineSurroundings() });
  } catch (error) {
    return { kind: 'refused', reason: `${address} does not answer: ${(error as Error).message}` };
  }
}

type Target = { socketPath: string } | { host: string; port: number };

function target(address: string): Target | undefined {
  if (address.startsWith('unix://')) return { socketPath: address.slice('unix://'.length) };
  const match = /^tcp:\/\/(.+):(\d+)$/.exec(address);
  return match === null ? undefined : { host: match[1]!, port: Number(match[2]) };
}

function getJson(at: Target, path: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...at, path, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('error', reject);
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > answerBytesMax) response.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`status ${response.statusCode}`));
        try {
          resolve(JSON.parse(body) as Record<string, unknown>);
        } catch (error) {
          reject(error);
        }
      });
    });
    const late = setTimeout(
      () => asked.destroy(new Error(`no answer in ${patienceSeconds} s`)),
      patienceSeconds * 1000,
    );
    asked.on('close', () => clearTimeout(late));
    asked.on('error', reject);
    asked.end();
  });
}
