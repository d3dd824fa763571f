// What pruning would free, and pruning.
import { z } from 'zod';
import { id } from '../../../core/contracts/api.ts';
import { pruned, prunePreview } from '../../../core/contracts/deployments.ts';
import { type Route, route } from '../http/route.ts';
import { type PrunePorts, previewPrune, prune } from './prune.ts';

const params = z.strictObject({ environment: id });

export function pruneRoutes(ports: PrunePorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments/:environment/prunable',
      access: 'deployment:read',
      environment: 'environment',
      summary: 'Revisions beyond those that are kept, the images that only they need, and their bytes',
      params,
      answer: prunePreview,
      handle: ({ params: { environment } }) => previewPrune(ports, environment),
    }),
    route({
      method: 'post',
      path: '/environments/:environment/prune',
      access: 'deployment:write',
      environment: 'environment',
      summary: 'Forget those revisions and remove those images; what is in use stays',
      params,
      answer: pruned,
      act: { action: 'deployment:prune', subject: ({ environment }) => `environment/${environment}` },
      async handle({ params: { environment }, record }) {
        const done = await prune(ports, environment);
        record({ revisions: done.revisions, images: done.images, bytes: done.bytes });
        return done;
      },
    }),
  ];
}
