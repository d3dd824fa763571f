// A node as the API shows it, in the swarm's own words; what it does not say is null.
import type { NodeView } from '../../../core/contracts/nodes.ts';
import type { Node, Task } from '../engine/objects.ts';

export interface NodeFacts {
  /** Undefined where the tasks could not be read. */
  tasks: readonly Task[] | undefined;
  localNode: string | undefined;
  volumesOn(node: string): string[];
}

export function toNodeView(node: Node, { tasks, localNode, volumesOn }: NodeFacts): NodeView {
  const { Description, ManagerStatus, Spec, Status } = node;
  const platform = [Description?.Platform?.OS, Description?.Platform?.Architecture].filter(Boolean).join('/');
  const running = tasks?.filter(({ NodeID, Status: { State } }) => NodeID === node.ID && State === 'running');
  return {
    id: node.ID,
    name: Description?.Hostname || node.ID,
    state: Status.State,
    message: Status.Message || null,
    role: Spec.Role,
    availability: Spec.Availability,
    leader: ManagerStatus?.Leader === true,
    reachability: ManagerStatus?.Reachability ?? null,
    address: Status.Addr || ManagerStatus?.Addr?.replace(/:\d+$/, '') || null,
    labels: { ...Spec.Labels },
    cores: Description?.Resources?.NanoCPUs === undefined ? null : Description.Resources.NanoCPUs / 1e9,
    memoryBytes: Description?.Resources?.MemoryBytes ?? null,
    engineVersion: Description?.Engine?.EngineVersion ?? null,
    platform: platform === '' ? null : platform,
    // A node that is down is said to run what it ran last: that is not known.
    tasks: running === undefined || Status.State !== 'ready' ? null : running.length,
    volumes: volumesOn(node.ID),
    local: node.ID === localNode,
  };
}
