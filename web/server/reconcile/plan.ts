// What has to be done so that the engine has what is recorded: compared by labels and specification, never by the engine's word on its updates.
import { readLabels } from '../deployments/names.ts';
import type { Deployment, Revision } from '../deployments/store.ts';
import { type WantedService, wantedServices } from '../deployments/wanted.ts';
import type { Service } from '../engine/objects.ts';

export interface Recorded {
  deployment: Deployment;
  revisions: readonly Revision[];
  /** An operation is at work on it: it is left to that. */
  busy: boolean;
}

export interface Plan {
  /** What shall be there; whether it is so already is for the one who makes it so to see. */
  keep: { deployment: Deployment; wanted: WantedService }[];
  /** Services of known deployments that nothing wants any more. */
  remove: string[];
  /** Services with our labels of deployments that nobody knows: told, never removed. */
  strange: string[];
}

/** Without our labels a service does not exist for us. A database that knows no deployment removes nothing: it may have been lost. */
export function plan(recorded: readonly Recorded[], services: readonly Service[], now: number): Plan {
  const found: Plan = { keep: [], remove: [], strange: [] };
  const known = new Map(recorded.map((one) => [one.deployment.name, one]));
  const wantedNames = new Set<string>();
  for (const { deployment, revisions, busy } of recorded) {
    if (busy || deployment.removing) continue;
    for (const wanted of wantedServices(deployment, revisions, now)) {
      wantedNames.add(wanted.service);
      found.keep.push({ deployment, wanted });
    }
  }
  for (const { Spec } of services) {
    const own = readLabels(Spec.Labels);
    if (own === undefined) continue;
    const owner = known.get(own.deployment);
    if (owner === undefined) found.strange.push(Spec.Name);
    else if (!owner.busy && !owner.deployment.removing && !wantedNames.has(Spec.Name)) found.remove.push(Spec.Name);
  }
  return found;
}
