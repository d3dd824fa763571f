// The volumes that a revision names: made where they are missing, and the one node that all of them lie on.
import type { EnginePort } from '../engine/port.ts';

export type VolumePlace = { kind: 'node'; node: string } | { kind: 'refused'; reason: string };

/** A volume lies on the node whose engine made it; that is this one, and its id is written on the volume. */
export function ownVolumes(
  engine: EnginePort,
): (environment: string, volumes: readonly { name: string }[]) => Promise<VolumePlace> {
  return async (environment, volumes) => {
    const info = await engine.info();
    const here = info.ok ? info.value.Swarm?.NodeID : undefined;
    if (here === undefined || here === '')
      return {
        kind: 'refused',
        reason: `The node of its volumes cannot be told: ${info.ok ? 'no swarm' : info.failure.message}`,
      };
    for (const { name } of volumes) {
      const there = await engine.volumes.inspect(name);
      const problem = there.ok
        ? refuse(there.value.Labels, name, environment)
        : await make(engine, name, environment, here);
      if (problem !== undefined) return { kind: 'refused', reason: problem };
    }
    return { kind: 'node', node: here };
  };
}

function refuse(
  labels: Readonly<Record<string, string>> | null | undefined,
  name: string,
  environment: string,
): string | undefined {
  const owner = labels?.['odyssey_environment'];
  return owner === environment ? undefined : `The volume ${name} is not of this environment; choose another name.`;
}

async function make(engine: EnginePort, name: string, environment: string, node: string): Promise<string | undefined> {
  const made = await engine.volumes.create(name, { odyssey_environment: environment, odyssey_node: node });
  return made.ok ? undefined : `The volume ${name} cannot be made: ${made.failure.message}`;
}
