// Who a container is, beyond the id that changes with every replacement: replica, deployment, and the model it shares.
import type { Labels } from '../../../core/contracts/sample.ts';
import type { Listed } from './docker.ts';

/** Labels of containers that become labels of series; all others stay out, they are many and may hold secrets. */
const exportedLabels = [
  'com.docker.compose.project',
  'com.docker.compose.service',
  'com.docker.compose.project.working_dir',
  'com.docker.swarm.service.name',
  'odyssey_environment',
  'odyssey_deployment',
  'odyssey_revision',
  'org.label-schema.group',
];

/** `container_label_*`, those of the list that the container has and that are not empty. */
export function exportedContainerLabels(labels: Readonly<Record<string, string>>): Labels {
  const exported: Record<string, string> = {};
  for (const name of exportedLabels) {
    const value = labels[name];
    if (value !== undefined && value !== '')
      exported[`container_label_${name.replaceAll(/[^A-Za-z0-9]/g, '_')}`] = value;
  }
  return exported;
}

export interface Identity {
  /** `<service>.<slot>` of a swarm task, else the container's name: the same after every replacement. */
  replica: string;
  service: string | undefined;
  slot: string | undefined;
  environment: string | undefined;
  deployment: string | undefined;
  revision: string | undefined;
  /** Replicas and revisions of one key share one model: the deployment, else compose project/service, else swarm service, else the name. */
  modelKey: string;
}

/** Reads the labels of engine, compose and our own; an engine names a task `service.slot.taskid`. */
export function identityOf({ name, labels }: Pick<Listed, 'name' | 'labels'>): Identity {
  const label = (key: string): string | undefined => labels[key] || undefined;
  const swarmService = label('com.docker.swarm.service.name');
  const slot =
    swarmService === undefined ? undefined : slotOf(label('com.docker.swarm.task.name') ?? name, swarmService);
  const replica = swarmService !== undefined && slot !== undefined ? `${swarmService}.${slot}` : name;
  const [project, composeService] = [label('com.docker.compose.project'), label('com.docker.compose.service')];
  const composed = project && composeService ? `${project}/${composeService}` : undefined;
  const deployment = label('odyssey_deployment');
  return {
    replica,
    service: swarmService ?? composeService,
    slot: slot ?? label('com.docker.compose.container-number'),
    environment: label('odyssey_environment'),
    deployment,
    revision: label('odyssey_revision'),
    modelKey: deployment ?? composed ?? swarmService ?? replica,
  };
}

/** The number of a replicated task, the node's id of a global one. */
function slotOf(taskName: string, service: string): string | undefined {
  if (!taskName.startsWith(`${service}.`)) return undefined;
  return taskName.slice(service.length + 1).split('.')[0] || undefined;
}
