// What is true now, read from the engine and from HAProxy after a change: nothing counts as done before this has said so.
import type { Routing } from '../../../core/contracts/deployments.ts';
import type { EnginePort } from '../engine/port.ts';
import type { IngressPort, IngressReading } from '../ingress/port.ts';
import { ownLabels, revisionOf } from './names.ts';
import type { Deployment, DeploymentStore } from './store.ts';
import { readTasks } from './task-reading.ts';

export interface ReadBackPorts {
  engine: EnginePort;
  ingress: IngressPort;
  deployments: DeploymentStore;
}

export type ReadBack = { kind: 'agrees' | 'differs'; text: string };

/** Compares the stable revision with the images of its running tasks and with HAProxy's maps and servers. */
export async function readBack(ports: ReadBackPorts, deployment: Deployment): Promise<ReadBack> {
  if (deployment.stable === undefined) return { kind: 'differs', text: 'No revision serves.' };
  const revision = ports.deployments.revision(deployment.name, deployment.stable)!;
  const name = revisionOf(revision.number);
  const tasks = await ports.engine.tasks.list({ service: [revision.service] });
  if (!tasks.ok) return { kind: 'differs', text: `What runs cannot be read: ${tasks.failure.message}` };
  const own = tasks.value.filter(({ Spec }) => Spec.ContainerSpec.Labels?.[ownLabels.revision] === name);
  const { running, images } = readTasks(own);
  const wanted = deployment.stopped ? 0 : deployment.settings.replicas;
  const strange = images.filter((image) => image !== revision.pinned);
  if (strange.length > 0)
    return { kind: 'differs', text: `Tasks of ${name} run ${strange.join(', ')} instead of ${revision.pinned}.` };
  if (running !== wanted) return { kind: 'differs', text: `${running} of ${wanted} replicas of ${name} run.` };
  const engine = `${running} of ${wanted} replicas of ${name} run ${revision.pinned}`;
  if (revision.spec.port === undefined) return { kind: 'agrees', text: `${engine}.` };
  const routing = routingOf(await ports.ingress.read(), deployment.name);
  return sayRouting(deployment, routing, { engine, name, wanted });
}

function sayRouting(
  { settings }: Deployment,
  routing: Routing,
  { engine, name, wanted }: { engine: string; name: string; wanted: number },
): ReadBack {
  if (routing.kind !== 'read') {
    const kind = settings.hosts.length === 0 ? 'agrees' : 'differs';
    return { kind, text: `${engine}; what HAProxy does is unknown: ${routing.reason}` };
  }
  const up = routing.backends.find(({ revision }) => revision === name)?.serversUp ?? 0;
  const text = `${engine}; HAProxy sends requests to ${routing.stable ?? 'nothing'} and reaches ${up} replicas of ${name}.`;
  return { kind: routing.stable === name && (wanted === 0 || up > 0) ? 'agrees' : 'differs', text };
}

/** One deployment's part of what HAProxy says. */
export function routingOf(reading: IngressReading, deployment: string): Routing {
  if (reading.kind !== 'serving') return { kind: 'unknown', reason: reading.reason };
  const pointing = reading.pointings.find((one) => one.deployment === deployment);
  return {
    kind: 'read',
    stable: pointing?.stable ?? null,
    canary: pointing?.canary ?? null,
    canaryShare: pointing?.share ?? 0,
    backends: reading.backends
      .filter((backend) => backend.deployment === deployment)
      .map(({ revision, serversUp, down }) => ({ revision, serversUp, serversDown: down.length })),
  };
}
