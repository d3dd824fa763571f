// Volumes of an environment over the API.
import { z } from 'zod';
import { id, list, nothing } from '../../../core/contracts/api.ts';
import { volumeBody, volumeName, volumeRemoval, volumeView } from '../../../core/contracts/volumes.ts';
import { type Route, route } from '../http/route.ts';
import type { VolumeService } from './service.ts';

const inEnvironment = z.strictObject({ environment: id });
const params = z.strictObject({ environment: id, volume: volumeName });

export function volumeRoutes(volumes: VolumeService): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments/:environment/volumes',
      access: 'volume:read',
      environment: 'environment',
      summary: 'The volumes of an environment: their size, their node and what uses them',
      params: inEnvironment,
      answer: list(volumeView),
      handle: async ({ params: { environment } }) => ({ items: await volumes.list(environment) }),
    }),
    route({
      method: 'post',
      path: '/environments/:environment/volumes',
      access: 'volume:write',
      environment: 'environment',
      status: 201,
      summary: 'Make a volume on this engine’s node, where all that mounts it will run',
      params: inEnvironment,
      body: volumeBody,
      answer: volumeView,
      act: {
        action: 'volume:make',
        subject: ({ environment }, { name }) => `environment/${environment}/volume/${name}`,
        detail: ({ budgetBytes }) => ({ budgetBytes }),
      },
      handle: ({ params: { environment }, body: { name, budgetBytes } }) =>
        volumes.create(environment, name, budgetBytes),
    }),
    route({
      method: 'delete',
      path: '/environments/:environment/volumes/:volume',
      access: 'volume:write',
      environment: 'environment',
      summary: 'Delete a volume that nothing uses, with all that is in it; `confirm` is its name once more',
      params,
      query: volumeRemoval,
      answer: nothing,
      act: {
        action: 'volume:delete',
        subject: ({ environment, volume }) => `environment/${environment}/volume/${volume}`,
      },
      async handle({ params: { environment, volume }, query: { confirm } }) {
        await volumes.remove(environment, volume, confirm);
        return {};
      },
    }),
  ];
}
