// The container detector: one entity a container or a replica of a service, which keeps its identity over restarts.
import type { Labels } from '../../core/contracts/sample.ts';
import type { Detector } from '../detector.ts';
import { literal, quote } from '../promql.ts';
import { containerMetrics } from './features.ts';

export const container: Detector = {
  name: 'container',
  metrics: containerMetrics,
  identify(labels) {
    const { instance } = labels;
    if (!instance || !labels.name) return undefined;
    const name = lastingName(labels.name, labels.container_label_com_docker_swarm_service_name);
    const deployment = labels.container_label_odyssey_deployment;
    const revision = labels.container_label_odyssey_revision;
    return {
      key: JSON.stringify([instance, name]),
      labels: { instance, name, ...(deployment && { deployment }), ...(revision && { revision }) },
      modelKey: modelKey(labels, name),
    };
  },
  match: (entities) => {
    const names = [...new Set(entities.map(({ labels }) => labels.name!))].sort();
    return names.length === 0 ? '' : `name=~"${quote(names.map((name) => `${literal(name)}(\\..+)?`).join('|'))}"`;
  },
};

/** Docker names a swarm task `<service>.<slot>.<task id>`; the id is new with every task, so that it is no identity. */
function lastingName(name: string, service: string | undefined): string {
  if (!service || !name.startsWith(`${service}.`)) return name;
  const [slot] = name.slice(service.length + 1).split('.');
  return slot ? `${service}.${slot}` : name;
}

/** The deployment, else compose project and service, else the name. Names of two machines are two things, deployments span machines. */
function modelKey(labels: Labels, name: string): string {
  const deployment = labels.container_label_odyssey_deployment;
  if (deployment) return JSON.stringify(['deployment', deployment]);
  const project = labels.container_label_com_docker_compose_project;
  const service = labels.container_label_com_docker_compose_service;
  if (project && service) return JSON.stringify(['compose', labels.instance, project, service]);
  return JSON.stringify(['name', labels.instance, name]);
}
