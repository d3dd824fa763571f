// Compose files: shown first as what would be made of them, then made.
import { z } from 'zod';
import { id, list } from '../../../../core/contracts/api.ts';
import type { DeploymentSpec } from '../../../../core/contracts/deployment-spec.ts';
import { type Accepted, accepted, composeBody, composePreview } from '../../../../core/contracts/deployments.ts';
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
  /** Names of its volumes. */
  volumeNames(environment: string): readonly string[];
}

const params = z.strictObject({ environment: id });

export function composeRoutes({ service, secretNames, volumeNames }: ComposePorts): Route[] {
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
        for (const spec of deployments) service.examine(environment, spec);
        const there = await secretNames(environment);
        const used = volumes.filter((name) => volumeNames(environment).includes(name));
        const known = used.map((name) => `${name} is there already and is mounted with all that is in it.`);
        return {
          ...{ deployments, volumes, warnings: [...warnings, ...known] },
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
        const items: Accepted[] = [];
        const { deployments } = compose(body.text);
        // All of them before the first: half a file is what nobody asked for.
        for (const spec of deployments) service.examine(environment, spec);
        for (const spec of deployments) {
          items.push(await service.deploy(actor, environment, spec).catch((error) => stopped(error, spec, items)));
          record({ deployments: items.map(({ deployment }) => deployment) });
        }
        return { items };
      },
    }),
  ];
}

function stopped(error: Error, { name }: DeploymentSpec, begun: readonly Accepted[]): never {
  if (!(error instanceof UserError) || begun.length === 0) throw error;
  const names = begun.map(({ deployment }) => deployment).join(', ');
  throw new UserError(error.status, error.kind, `${names} is being deployed, ${name} is not: ${error.message}`);
}

function compose(text: string): Composed {
  const reading = readCompose(readComposeText(text));
  if (reading.kind === 'refused') throw new UserError(400, 'compose', reading.problems.join(' ').slice(0, 4_000));
  return reading.composed;
}
