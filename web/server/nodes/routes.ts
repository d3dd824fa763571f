// Nodes of the swarm over the API.
import { z } from 'zod';
import { nothing } from '../../../core/contracts/api.ts';
import {
  joinToken,
  joinTokenBody,
  nodeChange,
  nodeId,
  nodeList,
  nodeRoleBody,
  nodeView,
} from '../../../core/contracts/nodes.ts';
import { type Route, route } from '../http/route.ts';
import type { NodeService } from './service.ts';

const params = z.strictObject({ node: nodeId });
const subject = ({ node }: z.infer<typeof params>) => `node/${node}`;

export function nodeRoutes(nodes: NodeService): Route[] {
  return [...commonRoutes(nodes), ...oneNodeRoutes(nodes)];
}

function commonRoutes(nodes: NodeService): Route[] {
  return [
    route({
      method: 'get',
      path: '/nodes',
      access: 'node:read',
      summary: 'The nodes of the swarm: state, role, labels, resources and what runs there',
      answer: nodeList,
      handle: () => nodes.list(),
    }),
    route({
      method: 'post',
      path: '/nodes/join-tokens',
      access: 'node:manage',
      fresh: true,
      secretAnswer: true,
      status: 201,
      summary:
        'A token that one more node joins with, shown once; it is rotated when the node is there, or after an hour',
      body: joinTokenBody,
      answer: joinToken,
      act: { action: 'node:show-token', subject: (_, { role }) => `swarm/${role}` },
      handle: ({ body: { role } }) => nodes.offer(role),
    }),
    // Before the routes of one node, whose parameter would take this for a node's id.
    route({
      method: 'delete',
      path: '/nodes/join-tokens',
      access: 'node:manage',
      summary: 'Rotate the tokens of both roles now: whatever was shown is worth nothing',
      answer: nothing,
      act: { action: 'node:withdraw-tokens', subject: () => 'swarm' },
      async handle() {
        await nodes.withdraw();
        return {};
      },
    }),
  ];
}

function oneNodeRoutes(nodes: NodeService): Route[] {
  return [
    route({
      method: 'patch',
      path: '/nodes/:node',
      access: 'node:write',
      summary: 'Drain, pause or activate a node, or give it other labels',
      params,
      body: nodeChange,
      answer: nodeView,
      act: {
        action: 'node:change',
        subject,
        detail: ({ availability, labels, despiteVolumes }) => ({
          ...{ availability: availability ?? null, labels: labels ?? null, despiteVolumes },
        }),
      },
      handle: ({ params: { node }, body }) => nodes.change(node, body),
    }),
    route({
      method: 'put',
      path: '/nodes/:node/role',
      access: 'node:manage',
      summary: 'Promote a node to manager or demote it; one or three managers are best',
      params,
      body: nodeRoleBody,
      answer: nodeView,
      act: { action: 'node:role', subject, detail: ({ role }) => ({ role }) },
      handle: ({ params: { node }, body: { role } }) => nodes.setRole(node, role),
    }),
    route({
      method: 'delete',
      path: '/nodes/:node',
      access: 'node:manage',
      summary: 'Take a worker that is down out of the list',
      params,
      answer: nothing,
      act: { action: 'node:remove', subject },
      async handle({ params: { node } }) {
        await nodes.remove(node);
        return {};
      },
    }),
  ];
}
