// Deployments: made, changed, gone back, scaled, stopped and removed; each change answers with an operation that is followed.
import { z } from 'zod';
import { id } from '../../../core/contracts/api.ts';
import {
  deploymentName,
  deploymentSpec,
  revisionChange,
  revisionName,
  revisionSpec,
  settingsChange,
} from '../../../core/contracts/deployment-spec.ts';
import {
  accepted,
  deploymentDetail,
  deploymentList,
  operationDetail,
  operationList,
  replicasBody,
  revisionDiff,
  revisionList,
  rollbackBody,
} from '../../../core/contracts/deployments.ts';
import { type Route, route } from '../http/route.ts';
import { actorOf, type Identity } from '../identity.ts';
import type { DeploymentReader } from './read.ts';
import type { Actor, DeploymentService } from './service.ts';

const inEnvironment = z.strictObject({ environment: id });
const ofDeployment = inEnvironment.extend({ deployment: deploymentName });
const ofRevision = ofDeployment.extend({ revision: revisionName });
const ofOperation = inEnvironment.extend({ operation: id });
const root = '/environments/:environment/deployments';
const one = `${root}/:deployment`;
const subject = ({ deployment }: z.infer<typeof ofDeployment>) => `deployment/${deployment}`;

function by(identity: Identity): Actor {
  return { ...actorOf(identity), person: identity.person };
}

export function deploymentRoutes(reader: DeploymentReader, service: DeploymentService): Route[] {
  return [
    ...readRoutes(reader),
    ...revisionRoutes(reader),
    ...changeRoutes(service),
    ...settingsRoutes(service, reader),
    ...runRoutes(service),
  ];
}

function readRoutes(reader: DeploymentReader): Route[] {
  return [
    route({
      method: 'get',
      path: root,
      access: 'deployment:read',
      environment: 'environment',
      params: inEnvironment,
      answer: deploymentList,
      summary: 'Deployments of an environment with their state, read from the engine and HAProxy',
      handle: async ({ params }) => ({ items: await reader.list(params.environment) }),
    }),
    route({
      method: 'get',
      path: one,
      access: 'deployment:read',
      environment: 'environment',
      params: ofDeployment,
      answer: deploymentDetail,
      summary: 'A deployment with its replicas, the images that run and what HAProxy does',
      handle: ({ params }) => reader.detail(params.environment, params.deployment),
    }),
    route({
      method: 'get',
      path: `${one}/operations`,
      access: 'deployment:read',
      environment: 'environment',
      params: ofDeployment,
      answer: operationList,
      summary: 'Its last operations, newest first',
      handle: ({ params }) => ({ items: reader.operations(params.environment, params.deployment) }),
    }),
    route({
      method: 'get',
      path: '/environments/:environment/operations/:operation',
      access: 'deployment:read',
      environment: 'environment',
      params: ofOperation,
      answer: operationDetail,
      summary: 'An operation with its steps',
      handle: ({ params }) => reader.operation(params.environment, params.operation),
    }),
    route({
      method: 'get',
      path: '/environments/:environment/operations/:operation/events',
      access: 'deployment:read',
      environment: 'environment',
      params: ofOperation,
      events: true,
      summary: 'Follow an operation: an event `step` for each step as it is noted, `end` with the operation at last',
      handle: ({ params, lastEventId, signal }) =>
        reader.follow(params.environment, params.operation, Number(lastEventId ?? 0) || 0, signal),
    }),
  ];
}

function revisionRoutes(reader: DeploymentReader): Route[] {
  return [
    route({
      method: 'get',
      path: `${one}/revisions`,
      access: 'deployment:read',
      environment: 'environment',
      params: ofDeployment,
      answer: revisionList,
      summary: 'Its revisions, newest first, with who made them and what came of it',
      handle: async ({ params }) => ({ items: await reader.revisions(params.environment, params.deployment) }),
    }),
    route({
      method: 'get',
      path: `${one}/revisions/:revision/spec`,
      access: 'deployment:write',
      environment: 'environment',
      params: ofRevision,
      answer: revisionSpec,
      summary: 'What a revision was made of, values of its environment included: for whoever may change them',
      handle: ({ params }) => reader.spec(params.environment, params.deployment, params.revision),
    }),
    route({
      method: 'get',
      path: `${one}/revisions/:revision/diff`,
      access: 'deployment:read',
      environment: 'environment',
      params: ofRevision,
      answer: revisionDiff,
      query: z.strictObject({ from: revisionName }),
      summary: 'What differs in a revision from another one; of the environment only names',
      handle: ({ params, query }) => reader.diff(params.environment, params.deployment, query.from, params.revision),
    }),
  ];
}

function changeRoutes(service: DeploymentService): Route[] {
  return [
    route({
      method: 'post',
      path: root,
      access: 'deployment:write',
      environment: 'environment',
      params: inEnvironment,
      body: deploymentSpec,
      status: 202,
      answer: accepted,
      summary: 'Deploy something new',
      act: {
        action: 'deployment:deploy',
        subject: (_, { name }) => `deployment/${name}`,
        detail: ({ image, replicas, hosts }) => ({ image, replicas, hosts }),
      },
      async handle({ identity, params, body, record }) {
        const answer = await service.deploy(by(identity), params.environment, body);
        record({ operation: answer.operation });
        return answer;
      },
    }),
    route({
      method: 'post',
      path: `${one}/revisions`,
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      body: revisionChange,
      status: 202,
      answer: accepted,
      summary:
        'Update: a new revision of the one that serves and what is given here; rolled back by itself when it is not healthy',
      act: {
        ...{ action: 'deployment:update', subject },
        detail: (body) => ({ fields: Object.keys(body), image: body.image ?? null }),
      },
      async handle({ identity, params, body, record }) {
        const answer = await service.update(by(identity), params.environment, params.deployment, body);
        record({ operation: answer.operation, revision: answer.revision });
        return answer;
      },
    }),
    route({
      method: 'post',
      path: `${one}/rollback`,
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      body: rollbackBody,
      status: 202,
      answer: accepted,
      summary: 'Roll back to the revision before, or to any that is kept',
      act: { action: 'deployment:rollback', subject, detail: ({ revision }) => ({ revision: revision ?? null }) },
      handle: ({ identity, params, body }) =>
        service.rollback(by(identity), params.environment, params.deployment, body.revision),
    }),
  ];
}

function settingsRoutes(service: DeploymentService, reader: DeploymentReader): Route[] {
  return [
    route({
      method: 'patch',
      path: one,
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      body: settingsChange,
      answer: deploymentDetail,
      summary: 'Change hosts, stickiness or how much is kept; no new revision',
      act: { action: 'deployment:configure', subject, detail: (body) => ({ fields: Object.keys(body) }) },
      async handle({ params, body }) {
        await service.configure(params.environment, params.deployment, body);
        return reader.detail(params.environment, params.deployment);
      },
    }),
  ];
}

function runRoutes(service: DeploymentService): Route[] {
  return [
    route({
      method: 'post',
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      status: 202,
      answer: accepted,
      path: `${one}/scale`,
      body: replicasBody,
      summary: 'Set the number of replicas',
      act: { action: 'deployment:scale', subject, detail: ({ replicas }) => ({ replicas }) },
      handle: ({ identity, params, body }) =>
        service.scale(by(identity), params.environment, params.deployment, body.replicas),
    }),
    route({
      method: 'post',
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      status: 202,
      answer: accepted,
      path: `${one}/restart`,
      summary: 'Replace every replica, one after the other',
      act: { action: 'deployment:restart', subject },
      handle: ({ identity, params }) => service.restart(by(identity), params.environment, params.deployment),
    }),
    route({
      method: 'post',
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      status: 202,
      answer: accepted,
      path: `${one}/stop`,
      summary: 'Stop all replicas; its hosts answer 503 until it is started',
      act: { action: 'deployment:stop', subject },
      handle: ({ identity, params }) => service.setStopped(by(identity), params.environment, params.deployment, true),
    }),
    route({
      method: 'post',
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      status: 202,
      answer: accepted,
      path: `${one}/start`,
      summary: 'Start it again',
      act: { action: 'deployment:start', subject },
      handle: ({ identity, params }) => service.setStopped(by(identity), params.environment, params.deployment, false),
    }),
    route({
      method: 'delete',
      access: 'deployment:write',
      environment: 'environment',
      params: ofDeployment,
      status: 202,
      answer: accepted,
      path: one,
      summary: 'Remove it with its revisions; volumes and secrets stay',
      act: { action: 'deployment:remove', subject },
      handle: ({ identity, params }) => service.remove(by(identity), params.environment, params.deployment),
    }),
  ];
}
