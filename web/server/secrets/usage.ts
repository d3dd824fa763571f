// Who mounts which version of a secret, as the engine tells it: services by their specification, tasks by what they were started from.
import { readEngineSecretName } from '../../../core/contracts/secrets.ts';
import type { SecretReference, Service, Task } from '../engine/objects.ts';

export interface SecretUse {
  environment: string;
  name: string;
  version: number;
  deployment: string;
  revision: string;
}

export function usesOf(services: readonly Service[]): SecretUse[] {
  return services.flatMap(({ Spec }) => {
    const { odyssey_deployment: deployment = '', odyssey_revision: revision = '' } = Spec.Labels ?? {};
    return readAll(Spec.TaskTemplate.ContainerSpec.Secrets).map((secret) => ({ ...secret, deployment, revision }));
  });
}

/** What still has a version before this one: services that name it, and tasks that run with it or are about to. */
export function stillBefore(
  secret: { environment: string; name: string; version: number },
  services: readonly Service[],
  tasks: readonly Task[],
): string[] {
  const isBefore = (secrets: readonly SecretReference[] | null | undefined) =>
    readAll(secrets).some(
      ({ environment, name, version }) =>
        environment === secret.environment && name === secret.name && version < secret.version,
    );
  const named = services.filter(({ Spec }) => isBefore(Spec.TaskTemplate.ContainerSpec.Secrets));
  const over = ['complete', 'failed', 'shutdown', 'rejected', 'orphaned', 'remove'];
  const ids = new Map(services.map(({ ID, Spec }) => [ID, Spec.Name]));
  const running = tasks.filter(
    ({ ServiceID, Status, Spec }) =>
      ids.has(ServiceID) && !over.includes(Status.State) && isBefore(Spec.ContainerSpec.Secrets),
  );
  return [
    ...new Set([...named.map(({ Spec }) => Spec.Name), ...running.map(({ ServiceID }) => ids.get(ServiceID)!)]),
  ].sort();
}

function readAll(secrets: readonly SecretReference[] | null | undefined) {
  return (secrets ?? []).flatMap(({ SecretName }) => readEngineSecretName(SecretName) ?? []);
}
