// Networks of an environment over the API.
import { z } from 'zod';
import { id, list, nothing } from '../../../core/contracts/api.ts';
import { deploymentName } from '../../../core/contracts/deployment-spec.ts';
import { networkBody, networkName, networkView } from '../../../core/contracts/volumes.ts';
import { type Route, route } from '../http/route.ts';
import { actorOf, type Identity } from '../identity.ts';
import type { NetworkService } from './service.ts';

const inEnvironment = z.strictObject({ environment: id });
const params = z.strictObject({ environment: id, network: networkName });
const attachment = z.strictObject({ environment: id, network: networkName, deployment: deploymentName });
const subject = ({ environment, network }: z.infer<typeof params>) => `environment/${environment}/network/${network}`;
const actor = (identity: Identity) => ({ ...actorOf(identity), person: identity.person });

export function networkRoutes(networks: NetworkService): Route[] {
  return [...ownRoutes(networks), ...attachmentRoutes(networks)];
}

function ownRoutes(networks: NetworkService): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments/:environment/networks',
      access: 'network:read',
      environment: 'environment',
      summary: 'The networks of an environment, and what is attached to each',
      params: inEnvironment,
      answer: list(networkView),
      handle: async ({ params: { environment } }) => ({ items: await networks.list(environment) }),
    }),
    route({
      method: 'post',
      path: '/environments/:environment/networks',
      access: 'network:write',
      environment: 'environment',
      status: 201,
      summary: 'Make a network that only attached deployments reach each other on; `main` is the environment’s own',
      params: inEnvironment,
      body: networkBody,
      answer: networkView,
      act: {
        action: 'network:make',
        subject: ({ environment }, { name }) => subject({ environment, network: name }),
        detail: ({ internal }) => ({ internal }),
      },
      handle: ({ params: { environment }, body: { name, internal } }) => networks.create(environment, name, internal),
    }),
    route({
      method: 'delete',
      path: '/environments/:environment/networks/:network',
      access: 'network:write',
      environment: 'environment',
      summary: 'Remove a network that nothing is attached to',
      params,
      answer: nothing,
      act: { action: 'network:remove', subject },
      async handle({ params: { environment, network } }) {
        await networks.remove(environment, network);
        return {};
      },
    }),
  ];
}

function attachmentRoutes(networks: NetworkService): Route[] {
  return [
    route({
      method: 'put',
      path: '/environments/:environment/networks/:network/deployments/:deployment',
      access: 'network:write',
      environment: 'environment',
      summary: 'Attach a deployment to a network; its replicas are replaced one after the other',
      params: attachment,
      answer: nothing,
      act: { action: 'network:attach', subject: (one) => `${subject(one)}/deployment/${one.deployment}` },
      async handle({ identity, params: { environment, network, deployment } }) {
        await networks.setAttached(actor(identity), environment, network, deployment, true);
        return {};
      },
    }),
    route({
      method: 'delete',
      path: '/environments/:environment/networks/:network/deployments/:deployment',
      access: 'network:write',
      environment: 'environment',
      summary: 'Detach a deployment from a network; its replicas are replaced one after the other',
      params: attachment,
      answer: nothing,
      act: { action: 'network:detach', subject: (one) => `${subject(one)}/deployment/${one.deployment}` },
      async handle({ identity, params: { environment, network, deployment } }) {
        await networks.setAttached(actor(identity), environment, network, deployment, false);
        return {};
      },
    }),
  ];
}
