// What people do with their own access: password, second factor, API tokens.
import { z } from 'zod';
import { allEnvironments } from '../../../core/contracts/access.ts';
import {
  apiToken,
  apiTokenBody,
  confirmation,
  id,
  list,
  newApiToken,
  nothing,
  passwordChange,
  secondFactorCode,
  secondFactorOffer,
  sessionView,
} from '../../../core/contracts/api.ts';
import { type Route, route } from '../http/route.ts';
import type { PeopleService } from '../people/service.ts';
import { welcome } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import { formatToken, type TokenStore, tokensPerPersonMax } from '../tokens/store.ts';
import { UserError } from '../user-error.ts';

export interface MePorts {
  people: PeopleService;
  sessions: SessionService;
  tokens: TokenStore;
  environmentAccepts(id: string): boolean;
  randomId(): string;
  randomSecret(): string;
  unixSeconds(): number;
}

const tokenParams = z.strictObject({ token: id });

export function meRoutes(ports: MePorts): Route[] {
  return [...accessRoutes(ports), ...tokenRoutes(ports)];
}

function accessRoutes({ people, sessions }: MePorts): Route[] {
  return [
    route({
      method: 'put',
      path: '/me/password',
      access: 'session',
      enrolling: true,
      summary: 'Change the own password; every other session ends',
      body: passwordChange,
      answer: sessionView,
      act: { action: 'person:password', subject: () => 'self' },
      async handle(call) {
        const { identity, body, source } = call;
        await sessions.confirmPassword(identity, body.current, source);
        await people.setPassword(identity.person, body.next);
        return welcome(call, await sessions.carryOver(identity.person, identity.use.id));
      },
    }),
    route({
      method: 'post',
      path: '/me/second-factor',
      access: 'session',
      enrolling: true,
      fresh: true,
      secretAnswer: true,
      summary: 'A key for an authenticator app; it counts once a code of it has been shown',
      answer: secondFactorOffer,
      act: { action: 'person:second-factor-offer', subject: () => 'self' },
      handle: ({ identity }) => people.offerSecondFactor(identity.person),
    }),
    route({
      method: 'put',
      path: '/me/second-factor',
      access: 'session',
      enrolling: true,
      fresh: true,
      summary: 'Make the offered key the second factor; every other session ends',
      body: secondFactorCode,
      answer: sessionView,
      act: { action: 'person:second-factor', subject: () => 'self' },
      async handle(call) {
        people.acceptSecondFactor(call.identity.person, call.body.code);
        return welcome(call, await sessions.carryOver(call.identity.person, call.identity.use.id));
      },
    }),
    route({
      method: 'delete',
      path: '/me/second-factor',
      access: 'session',
      summary: 'Give the second factor up; needs password and code, every other session ends',
      body: confirmation,
      answer: sessionView,
      act: { action: 'person:second-factor-remove', subject: () => 'self' },
      async handle(call) {
        const { identity, body, source } = call;
        await sessions.confirm(identity, body.password, body.code, source);
        people.removeSecondFactor(identity.person);
        return welcome(call, await sessions.carryOver(identity.person, identity.use.id));
      },
    }),
  ];
}

function tokenRoutes(ports: MePorts): Route[] {
  const { tokens } = ports;
  return [
    route({
      method: 'get',
      path: '/me/tokens',
      access: 'session',
      summary: 'The own API tokens',
      answer: list(apiToken),
      handle: ({ identity }) => ({ items: tokens.ofPerson(identity.person).map(viewOf) }),
    }),
    route({
      method: 'post',
      path: '/me/tokens',
      access: 'session',
      fresh: true,
      secretAnswer: true,
      status: 201,
      summary: 'Make an API token; it is shown once and never holds more than its owner',
      body: apiTokenBody,
      answer: newApiToken,
      act: {
        action: 'token:make',
        subject: (_, { name }) => `token/${name}`,
        detail: ({ permissions, environment, days }) => ({ permissions, environment, days }),
      },
      handle({ identity, body, record }) {
        if (body.environment !== allEnvironments && !ports.environmentAccepts(body.environment))
          throw new UserError(422, 'no-such-environment', 'The environment does not exist or is archived.');
        if (tokens.ofPerson(identity.person).length >= tokensPerPersonMax)
          throw new UserError(409, 'too-many', `You have ${tokensPerPersonMax} tokens; remove one first.`);
        const [tokenId, secret, now] = [ports.randomId(), ports.randomSecret(), ports.unixSeconds()];
        const { name, permissions, environment, days } = body;
        const times = { created: now, expires: now + days * 86_400, used: null };
        const token = { id: tokenId, person: identity.person, name, permissions, environment, ...times };
        tokens.add(token, secret);
        record({ token: tokenId });
        return { ...viewOf(token), token: formatToken(tokenId, secret) };
      },
    }),
    route({
      method: 'delete',
      path: '/me/tokens/:token',
      access: 'session',
      summary: 'Revoke one of the own API tokens; it ends at once',
      params: tokenParams,
      answer: nothing,
      act: { action: 'token:revoke', subject: ({ token }) => `token/${token}` },
      handle({ identity, params }) {
        if (!tokens.remove(identity.person, params.token))
          throw new UserError(404, 'not-found', 'There is no such token; list them again.');
        return {};
      },
    }),
  ];
}

type View = z.infer<typeof apiToken>;

function viewOf({
  id: tokenId,
  name,
  permissions,
  environment,
  created,
  expires,
  used,
}: Omit<View, 'permissions'> & {
  permissions: readonly View['permissions'][number][];
}): View {
  return { id: tokenId, name, permissions: [...permissions], environment, created, expires, used };
}
