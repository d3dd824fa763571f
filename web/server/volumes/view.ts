// A volume as the API shows it, from what is recorded and what the engine tells; what cannot be seen from here is null.
import type { VolumeView } from '../../../core/contracts/volumes.ts';
import type { ListedContainer, Node, Service, Volume } from '../engine/objects.ts';
import type { VolumeRow } from './table.ts';

export interface VolumeFacts {
  /** The node whose engine was asked. */
  localNode: string | undefined;
  volumes: readonly Volume[];
  /** Bytes by name; undefined where they could not be had. */
  sizes: ReadonlyMap<string, number> | undefined;
  services: readonly Service[];
  nodes: readonly Node[];
  /** Running ones of this engine; undefined where they could not be had. */
  containers: readonly ListedContainer[] | undefined;
}

export function toVolumeView(row: VolumeRow, facts: VolumeFacts): VolumeView {
  const local = row.node === facts.localNode;
  const present = facts.volumes.some(({ Name }) => Name === row.name);
  const node = facts.nodes.find(({ ID }) => ID === row.node);
  return {
    name: row.name,
    node: { id: row.node, name: node?.Description?.Hostname ?? null },
    created: row.created,
    bytes: local ? (facts.sizes?.get(row.name) ?? null) : null,
    budgetBytes: row.budget_bytes,
    usedBy: usersOf(row.name, facts.services),
    attached: local && facts.containers !== undefined ? isMounted(row.name, facts.containers) : null,
    state: local ? (present ? 'present' : 'missing') : 'unknown',
  };
}

/** Revisions whose service names it, also those with no replica now. */
export function usersOf(name: string, services: readonly Service[]): VolumeView['usedBy'] {
  return services
    .filter(({ Spec }) => (Spec.TaskTemplate.ContainerSpec.Mounts ?? []).some(({ Source }) => Source === name))
    .map(({ Spec: { Labels } }) => ({
      deployment: Labels['odyssey_deployment'] ?? '',
      revision: Labels['odyssey_revision'] ?? '',
    }));
}

function isMounted(name: string, containers: readonly ListedContainer[]): boolean {
  return containers.some(({ Mounts = [] }) => Mounts.some((mount) => mount.Name === name));
}
