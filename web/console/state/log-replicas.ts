// Which replicas of a deployment a log is read of: what there is to choose from, and the choice as the address holds it.
import type { DeploymentDetail, Replica } from '../../../core/contracts/deployments.ts';

export interface ReplicaOption {
  name: string;
  /** Without the deployment's name: `r12.3`. */
  short: string;
  state: string;
  /** What the engine is to make of it; undefined where nothing runs under that name. */
  desired: string | undefined;
  /** Unix seconds. */
  since: number | undefined;
  place: Replica['place'] | undefined;
  chosen: boolean;
}

/** As many as the server takes. */
export const chosenMax = 32;
const replicaName = /^([a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)-r[1-9]\d{0,5}\.\d{1,5}$/;

/** The choice in an address, of these deployments: what else stands there is not asked for. */
export function readReplicas(text: string | undefined, deployments: readonly string[]): readonly string[] {
  const names = [...new Set(text?.split(','))].filter((name) => deployments.includes(deploymentOf(name) ?? ''));
  return names.slice(0, chosenMax);
}

/** The choice for an address, with this name in it or out of it. */
export function toggleReplica(chosen: readonly string[], name: string): string {
  const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
  return next.slice(0, chosenMax).join(',');
}

export function deploymentOf(replica: string): string | undefined {
  return replicaName.exec(replica)?.[1];
}

/** Those that are there, one for each name, what serves first; then those that are chosen and are not there. */
export function replicaOptions(
  deployment: string,
  tasks: DeploymentDetail['tasks'] | undefined,
  chosen: readonly string[],
): ReplicaOption[] {
  const newest = new Map<string, Replica>();
  for (const task of tasks ?? []) {
    const before = newest.get(task.name);
    if (before === undefined || weigh(task) > weigh(before)) newest.set(task.name, task);
  }
  const short = (name: string) => name.slice(deployment.length + 1);
  const there = [...newest.values()].map((replica) => ({
    ...{ name: replica.name, short: short(replica.name), state: replica.state, since: replica.since },
    ...{ desired: replica.desired, place: replica.place, chosen: chosen.includes(replica.name) },
  }));
  const gone = chosen.filter((name) => deploymentOf(name) === deployment && !newest.has(name));
  return [
    ...there.sort((a, b) => places.indexOf(a.place) - places.indexOf(b.place) || compareNames(a.name, b.name)),
    ...gone.map((name) => ({
      ...{ name, short: short(name), state: tasks ? 'not there' : 'unknown', desired: undefined },
      ...{ since: undefined, place: undefined, chosen: true },
    })),
  ];
}

const places: readonly Replica['place'][] = ['stable', 'coming', 'warm'];

/** Of the tasks that a slot has had, the one that is to run; else the newest. */
function weigh({ desired, since }: Replica): number {
  return (desired === 'running' ? 1e12 : 0) + since;
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
