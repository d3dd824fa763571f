// Several engines on one machine, each in namespaces of its own, with a network between them: nodes that can be joined into a swarm and lost.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { type DockerEngine, startDockerEngine } from './docker-engine.ts';
import { getEnginePrograms } from './programs.ts';

export interface SwarmNode {
  engine: DockerEngine;
  name: string;
  address: string;
  /** Ends everything of the node at once, as a power cut does: its engine, its containers and its cable. */
  cutPower(): void;
}

export type SwarmNodes =
  | { kind: 'nodes'; nodes: SwarmNode[]; imageId: string; stop(): Promise<void> }
  | { kind: 'absent'; reason: string };

/** Addresses in the nodes' own namespaces alone; the pool is that of the environments' networks. */
const network = '10.215.0';
const suite = 'trixie';

/** `pool` must not lead out of any node: a packet to another overlay would else take the default route. */
export async function startSwarmNodes(count: number, pool: string): Promise<SwarmNodes> {
  const engines: DockerEngine[] = [];
  const stop = async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
  };
  for (let index = 1; index <= count; index++) {
    const started = await startDockerEngine({ suite, store: 'overlay2', bridge: true, hostname: `node-${index}` });
    if (started.kind === 'absent') {
      await stop();
      return started;
    }
    engines.push(started.engine);
  }
  try {
    const { environment } = await getEnginePrograms(suite);
    const inside = (engine: DockerEngine, ...command: string[]) =>
      execFileSync('nsenter', ['-t', String(engine.pid), '--net', ...command], { env: environment, stdio: 'pipe' });
    const [first, ...others] = engines as [DockerEngine, ...DockerEngine[]];
    inside(first, 'ip', 'link', 'add', 'hub', 'type', 'bridge');
    wire(inside, first, 'hub', 11, pool);
    for (const [at, engine] of others.entries()) {
      const cable = `node-${at + 2}`;
      inside(
        first,
        ...['ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'wire', 'netns', String(engine.pid)],
      );
      inside(first, 'ip', 'link', 'set', cable, 'master', 'hub', 'up');
      wire(inside, engine, 'wire', at + 12, pool);
      await copyImage(first, engine);
    }
    const nodes = engines.map((engine, at) => ({
      ...{ engine, name: `node-${at + 1}`, address: `${network}.${at + 11}` },
      cutPower: () => {
        if (at > 0) inside(first, 'ip', 'link', 'set', `node-${at + 1}`, 'down');
        // dockerd may have started another containerd in the moment before its own end.
        for (let left = processesOf(engine.folder); left.length > 0; left = processesOf(engine.folder))
          for (const pid of left) killNow(pid);
      },
    }));
    return { kind: 'nodes', nodes, imageId: first.imageId, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function wire(
  inside: (engine: DockerEngine, ...command: string[]) => unknown,
  engine: DockerEngine,
  device: string,
  last: number,
  pool: string,
): void {
  inside(engine, 'ip', 'addr', 'add', `${network}.${last}/24`, 'dev', device);
  inside(engine, 'ip', 'link', 'set', device, 'up');
  inside(engine, 'ip', 'route', 'add', 'unreachable', pool);
}

/** The same image by the same id: imported twice it would be two. */
function copyImage(from: DockerEngine, to: DockerEngine): Promise<void> {
  return new Promise((resolve, reject) => {
    const taking = request(
      {
        socketPath: to.socketPath,
        method: 'POST',
        path: '/images/load?quiet=1',
        headers: { 'content-type': 'application/x-tar' },
      },
      (answer) => {
        answer
          .resume()
          .on('end', () =>
            answer.statusCode === 200 ? resolve() : reject(new Error(`the image was not taken: ${answer.statusCode}`)),
          );
      },
    );
    taking.on('error', reject);
    request({ socketPath: from.socketPath, path: `/images/${from.imageId}/get` }, (answer) => answer.pipe(taking))
      .on('error', reject)
      .end();
  });
}

/** Every process of the engine in this folder: those that name it, and what they have started. */
function processesOf(folder: string): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))![1]);
        return [
          { pid: Number(name), parent, ours: command.includes(`${folder}/`) && /dockerd|containerd/.test(command) },
        ];
      } catch {
        return []; // it has ended meanwhile
      }
    });
  const found = new Set(all.filter(({ ours }) => ours).map(({ pid }) => pid));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
