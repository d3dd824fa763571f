// Secrets over the API: values go in and are never given back, whoever asks.
import { z } from 'zod';
import { id, list, nothing } from '../../../core/contracts/api.ts';
import {
  secretBody,
  secretName,
  secretPolicyBody,
  secretRotationBody,
  secretView,
} from '../../../core/contracts/secrets.ts';
import { type Route, route } from '../http/route.ts';
import { actorOf } from '../identity.ts';
import type { SecretService } from './service.ts';

const inEnvironment = z.strictObject({ environment: id });
const params = z.strictObject({ environment: id, secret: secretName });
const subject = ({ environment, secret }: z.infer<typeof params>) => `environment/${environment}/secret/${secret}`;

export function secretRoutes(secrets: SecretService): Route[] {
  return [...readRoutes(secrets), ...changeRoutes(secrets)];
}

function readRoutes(secrets: SecretService): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments/:environment/secrets',
      access: 'secret:read',
      environment: 'environment',
      summary: 'The secrets of an environment: versions, ages and who mounts them, never a value',
      params: inEnvironment,
      answer: list(secretView),
      handle: async ({ params: { environment } }) => ({ items: await secrets.list(environment) }),
    }),
    route({
      method: 'get',
      path: '/environments/:environment/secrets/:secret',
      access: 'secret:read',
      environment: 'environment',
      summary: 'One secret, and how far its rotation is',
      params,
      answer: secretView,
      handle: ({ params: { environment, secret } }) => secrets.get(environment, secret),
    }),
  ];
}

function changeRoutes(secrets: SecretService): Route[] {
  return [
    route({
      method: 'post',
      path: '/environments/:environment/secrets',
      access: 'secret:write',
      environment: 'environment',
      status: 201,
      summary: 'Make a secret; its value cannot be read again',
      params: inEnvironment,
      body: secretBody,
      answer: secretView,
      act: {
        action: 'secret:make',
        subject: ({ environment }, { name }) => subject({ environment, secret: name }),
        detail: ({ deployments }) => ({ deployments }),
      },
      handle: ({ params: { environment }, body: { name, value, deployments } }) =>
        secrets.create(environment, name, value, deployments),
    }),
    route({
      method: 'post',
      path: '/environments/:environment/secrets/:secret/versions',
      access: 'secret:write',
      environment: 'environment',
      status: 202,
      summary:
        'Rotate a secret: a new version for every service that mounts it; the one before goes when they run with it',
      params,
      body: secretRotationBody,
      answer: secretView,
      act: { action: 'secret:rotate', subject },
      async handle({ identity, params: { environment, secret }, body: { value }, record }) {
        const actor = { ...actorOf(identity), person: identity.person };
        const view = await secrets.rotate(actor, environment, secret, value);
        record({ version: view.rotation?.to ?? null });
        return view;
      },
    }),
    route({
      method: 'put',
      path: '/environments/:environment/secrets/:secret/deployments',
      access: 'secret:write',
      environment: 'environment',
      summary: 'Say which deployments may mount a secret',
      params,
      body: secretPolicyBody,
      answer: secretView,
      act: { action: 'secret:share', subject, detail: ({ deployments }) => ({ deployments }) },
      handle: ({ params: { environment, secret }, body: { deployments } }) =>
        secrets.setDeployments(environment, secret, deployments),
    }),
    route({
      method: 'delete',
      path: '/environments/:environment/secrets/:secret',
      access: 'secret:write',
      environment: 'environment',
      summary: 'Remove a secret that nothing mounts, with all its versions',
      params,
      answer: nothing,
      act: { action: 'secret:remove', subject },
      async handle({ params: { environment, secret } }) {
        await secrets.remove(environment, secret);
        return {};
      },
    }),
  ];
}
