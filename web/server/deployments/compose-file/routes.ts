// Compose files: shown first as what would be made of them, then made.
import { z } from 'zod';
import { id, list } from '../../../../core/contracts/api.ts';
import { accepted, composeBody, composePreview } from '../../../../core/contracts/deployments.ts';
import { type Route, route } from '../../http/route.ts';
import { actorOf } from '../../identity.ts';
import { UserError } from '../../user-error.ts';
import type { DeploymentService } from '../service.ts';
import { type Composed, readCompose } from './compose.ts';
import { readComposeText } from './text.ts';

export interface ComposePorts {
  service: DeploymentService;
  /** Names of the environment's secrets. */
  secretNames(environment: string): Promise<readonly string[]>;
}

const params = z.strictObject({ environment: id });

export function composeRoutes({ service, secretNames }: ComposePorts): Route[] {
  return [
    route({
      method: 'post',
      path: '/environments/:environment/compose/preview',
      access: 'deployment:write',
      environment: 'environment',
      summary: 'What would be made of a compose file; keys that are not supported are refused by name',
      params,
      body: composeBody,
      answer: composePreview,
      unrecorded: 'nothing is changed: it is looked at',
      async handle({ params: { environment }, body }) {
        const { deployments, volumes, secrets, warnings } = compose(body.text);
        const there = await secretNames(environment);
        return {
          ...{ deployments, volumes, warnings },
          secrets: secrets.map((name) => ({ name, exists: there.includes(name) })),
        };
      },
    }),
    route({
      method: 'post',
      path: '/environments/:environment/compose',
      access: 'deployment:write',
      environment: 'environment',
      status: 202,
      summary: 'Deploy every service of a compose file; each answers with an operation',
      params,
      body: composeBody,
      answer: list(accepted),
      act: { action: 'deployment:compose', subject: ({ environment }) => `environment/${environment}` },
      async handle({ identity, params: { environment }, body, record }) {
        const actor = { ...actorOf(identity), person: identity.person };
        const items = [];
        for (const spec of compose(body.text).deployments) {
          items.push(await service.deploy(actor, environment, spec));
          record({ deployments: items.map(({ deployment }) => deployment) });
        }
        return { items };
      },
    }),
  ];
}

function compose(text: string): Composed {
  const reading = readCompose(readComposeText(text));
  if (reading.kind === 'refused') throw new UserError(400, 'compose', reading.problems.join(' ').slice(0, 4_000));
  return reading.composed;
}
