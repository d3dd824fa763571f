// What must not be done to a node without more words: what would leave the swarm without a manager, or a volume's replicas without a place.
import type { NodeView } from '../../../core/contracts/nodes.ts';

export interface NodeRefusal {
  kind: 'own-node' | 'last-manager' | 'volume-node' | 'not-down' | 'still-manager';
  reason: string;
}

/** Managers that can take part in a decision now; one that is down counts for nothing. */
function others(node: NodeView, nodes: readonly NodeView[]): NodeView[] {
  return nodes.filter(({ id, role, state }) => id !== node.id && role === 'manager' && state === 'ready');
}

/** Drained or paused: a manager that takes no tasks still decides, but the last one is where everything of Odyssey runs. */
export function refuseAvailability(
  node: NodeView,
  nodes: readonly NodeView[],
  availability: NodeView['availability'],
  despiteVolumes: boolean,
): NodeRefusal | undefined {
  if (availability !== 'drain' || node.availability === 'drain') return undefined;
  if (node.role === 'manager' && others(node, nodes).filter((one) => one.availability === 'active').length === 0)
    return {
      kind: 'last-manager',
      reason: `${node.name} is the last manager that takes tasks; promote or activate another node first.`,
    };
  if (node.volumes.length > 0 && !despiteVolumes)
    return {
      kind: 'volume-node',
      reason: `${node.volumes.join(', ')} lies on ${node.name} alone: what mounts it would wait until the node is active again. Say despiteVolumes to drain it all the same.`,
    };
  return undefined;
}

export function refuseRole(
  node: NodeView,
  nodes: readonly NodeView[],
  role: NodeView['role'],
): NodeRefusal | undefined {
  if (role === 'manager' || node.role === 'worker') return undefined;
  if (node.local && others(node, nodes).length > 0)
    return {
      kind: 'own-node',
      reason: `Odyssey runs on ${node.name} and asks its engine, which as a worker would answer nothing about the swarm; move Odyssey to another manager first.`,
    };
  if (others(node, nodes).length > 0) return undefined;
  return {
    kind: 'last-manager',
    reason: `${node.name} is the last manager that can be reached; without one nothing can be changed any more. Promote another node first.`,
  };
}

export function refuseRemoval(node: NodeView): NodeRefusal | undefined {
  if (node.role === 'manager') return { kind: 'still-manager', reason: `${node.name} is a manager; demote it first.` };
  if (node.state === 'ready')
    return {
      kind: 'not-down',
      reason: `${node.name} is up; let it leave the swarm first (docker swarm leave, there).`,
    };
  if (node.volumes.length > 0)
    return {
      kind: 'volume-node',
      reason: `${node.volumes.join(', ')} lies on ${node.name}; delete what uses it and bring the node back, or keep it in the list.`,
    };
  return undefined;
}
