// Signing in and out, staying signed in, and what a person sees of their own sessions.
import { z } from 'zod';
import { permissions } from '../../../core/contracts/access.ts';
import { confirmation, credentials, list, nothing, openSession, sessionView } from '../../../core/contracts/api.ts';
import { type Call, type Route, route } from '../http/route.ts';
import { holds, type Identity } from '../identity.ts';
import { UserError } from '../user-error.ts';
import { accessSeconds } from './access-token.ts';
import { absoluteSeconds, type SessionService, type SignedIn } from './service.ts';

const sessionParams = z.strictObject({ session: openSession.shape.id });

function viewOf(identity: Identity): z.infer<typeof sessionView> {
  const { person, name, grants, use, hasSecondFactor, lacksSecondFactor } = identity;
  const environments = grants.map(({ environment }) => environment);
  return {
    person: { id: person, name },
    grants: [...grants],
    permissions: permissions.filter((permission) =>
      environments.some((environment) => holds(identity, permission, environment)),
    ),
    csrf: use.kind === 'session' ? use.csrf : null,
    secondFactor: use.kind === 'session' ? hasSecondFactor : null,
    secondFactorMissing: lacksSecondFactor,
  };
}

/** Puts both cookies on the answer and gives the view of the new session. */
export function welcome<P, Q, B, I>(
  call: Pick<Call<P, Q, B, I>, 'setCookie'>,
  signedIn: SignedIn,
): z.infer<typeof sessionView> {
  call.setCookie('access', signedIn.access, accessSeconds);
  call.setCookie('refresh', signedIn.refresh, absoluteSeconds);
  return viewOf(signedIn.identity);
}

export function sessionRoutes(sessions: SessionService): Route[] {
  return [...signInRoutes(sessions), ...presentRoutes(sessions), ...ownSessionRoutes(sessions)];
}

function signInRoutes(sessions: SessionService): Route[] {
  return [
    route({
      method: 'post',
      path: '/session',
      access: 'public',
      summary: 'Sign in',
      body: credentials,
      answer: sessionView,
      act: { action: 'session:open', subject: () => 'session' },
      door: ({ body, source }) => sessions.prove(body, source),
      async handle(call) {
        const signedIn = await sessions.begin(call.proof, call);
        call.record({ person: signedIn.identity.person });
        return welcome(call, signedIn);
      },
    }),
    route({
      method: 'post',
      path: '/session/refresh',
      access: 'public',
      summary: 'New cookies for a session that goes on',
      answer: sessionView,
      unrecorded: 'a session that goes on is no act; its start and its end are recorded',
      async handle(call) {
        const token = call.readCookie('refresh');
        if (token === undefined) throw new UserError(401, 'signed-out', 'There is no session. Sign in.');
        return welcome(call, await sessions.refresh(token));
      },
    }),
  ];
}

/** The session that makes the call. */
function presentRoutes(sessions: SessionService): Route[] {
  return [
    route({
      method: 'get',
      path: '/session',
      access: 'identity',
      enrolling: true,
      summary: 'Who is signed in and what they may do',
      answer: sessionView,
      handle: ({ identity }) => viewOf(identity),
    }),
    route({
      method: 'delete',
      path: '/session',
      access: 'session',
      enrolling: true,
      summary: 'Sign out',
      answer: nothing,
      act: { action: 'session:close', subject: () => 'session' },
      handle({ identity, setCookie }) {
        sessions.endOne(identity.person, identity.use.id);
        setCookie('access', '', 0);
        setCookie('refresh', '', 0);
        return {};
      },
    }),
    route({
      method: 'post',
      path: '/session/confirm',
      access: 'session',
      summary: 'Show the password once more, for what needs it fresh',
      body: confirmation,
      answer: nothing,
      act: { action: 'session:confirm', subject: () => 'session' },
      async handle({ identity, body, source }) {
        await sessions.confirm(identity, body.password, body.code, source);
        return {};
      },
    }),
  ];
}

function ownSessionRoutes(sessions: SessionService): Route[] {
  return [
    route({
      method: 'get',
      path: '/me/sessions',
      access: 'session',
      summary: 'Where this person is signed in',
      answer: list(openSession),
      handle: ({ identity }) => ({
        items: sessions.list(identity.person).map(({ id, source, agent, created, used }) => ({
          ...{ id, source, agent, created, used },
          current: id === identity.use.id,
        })),
      }),
    }),
    route({
      method: 'delete',
      path: '/me/sessions/:session',
      access: 'session',
      summary: 'End one of the own sessions',
      params: sessionParams,
      answer: nothing,
      act: { action: 'session:close', subject: ({ session }) => `session/${session.slice(0, 16)}` },
      handle({ identity, params }) {
        sessions.endOne(identity.person, params.session);
        return {};
      },
    }),
  ];
}
