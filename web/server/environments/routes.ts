// Environments: seen by whoever has a grant in them, made and archived by admins.
import { z } from 'zod';
import {
  archivedBody,
  environment,
  environmentBody,
  environmentChange,
  id,
  list,
} from '../../../core/contracts/api.ts';
import { type Route, route } from '../http/route.ts';
import { holds } from '../identity.ts';
import type { EnvironmentStore } from './store.ts';

export interface EnvironmentPorts {
  environments: EnvironmentStore;
  randomId(): string;
  unixSeconds(): number;
}

const params = z.strictObject({ environment: id });
const subject = ({ environment: one }: { environment: string }) => `environment/${one}`;

export function environmentRoutes({ environments, randomId, unixSeconds }: EnvironmentPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/environments',
      access: 'identity',
      summary: 'The environments that the caller has a grant in',
      answer: list(environment),
      handle: ({ identity }) => ({
        items: environments.list().filter((one) => holds(identity, 'environment:read', one.id)) as View[],
      }),
    }),
    route({
      method: 'post',
      path: '/environments',
      access: 'environment:manage',
      status: 201,
      summary: 'Make an environment',
      body: environmentBody,
      answer: environment,
      act: { action: 'environment:make', subject: (_, { name }) => `environment/${name}`, detail: (body) => body },
      handle({ body, record }) {
        const made = { id: randomId(), ...body, archived: false, created: unixSeconds() };
        environments.add(made);
        record({ environment: made.id });
        return made;
      },
    }),
    route({
      method: 'patch',
      path: '/environments/:environment',
      access: 'environment:write',
      environment: 'environment',
      summary: 'Rename an environment or give it another colour',
      params,
      body: environmentChange,
      answer: environment,
      act: {
        action: 'environment:change',
        subject,
        detail: ({ name, colour }) => ({ name: name ?? null, colour: colour ?? null }),
      },
      handle({ params: { environment: one }, body }) {
        environments.byId(one);
        environments.change(one, body);
        return environments.byId(one) as View;
      },
    }),
    route({
      method: 'put',
      path: '/environments/:environment/archived',
      access: 'environment:manage',
      summary: 'Archive an environment or take it back; its grants and history stay',
      params,
      body: archivedBody,
      answer: environment,
      act: { action: 'environment:archive', subject, detail: ({ archived }) => ({ archived }) },
      handle({ params: { environment: one }, body }) {
        environments.byId(one);
        environments.setArchived(one, body.archived);
        return environments.byId(one) as View;
      },
    }),
  ];
}

type View = z.infer<typeof environment>;
