// People as admins see them: set-up, invitations, grants, disabling, erasing, and everything that is held about one of them.
import { z } from 'zod';
import type { Grant } from '../../../core/contracts/access.ts';
import {
  acceptance,
  disabledBody,
  erased,
  grantsBody,
  id,
  invitation,
  list,
  newInvitation,
  nothing,
  page,
  pageQuery,
  person,
  personData,
  sessionView,
  setupBody,
  setupState,
} from '../../../core/contracts/api.ts';
import type { Json } from '../audit/canonical.ts';
import type { AuditStore } from '../audit/store.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { type Route, route } from '../http/route.ts';
import { welcome } from '../sessions/routes.ts';
import type { SessionService } from '../sessions/service.ts';
import type { TokenStore } from '../tokens/store.ts';
import type { PeopleService } from './service.ts';
import type { PersonRow } from './store.ts';

export interface PeopleRoutePorts {
  people: PeopleService;
  sessions: SessionService;
  tokens: TokenStore;
  audit: { store: Pick<AuditStore, 'about'> };
}

const auditValuesMax = 10_000;
const personParams = z.strictObject({ person: id });
const aboutPerson = {
  subject: ({ person: subject }: { person: string }) => `person/${subject}`,
  about: ({ person: subject }: { person: string }) => subject,
};

export function peopleRoutes(ports: PeopleRoutePorts): Route[] {
  return [...entryRoutes(ports), ...invitationRoutes(ports), ...readRoutes(ports), ...changeRoutes(ports)];
}

/** How strangers become people. */
function entryRoutes({ people, sessions }: PeopleRoutePorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/setup',
      access: 'public',
      summary: 'Whether the first admin is still to be made',
      answer: setupState,
      handle: () => ({ open: people.setupIsOpen() }),
    }),
    route({
      method: 'post',
      path: '/setup',
      access: 'public',
      status: 201,
      summary: 'Make the first admin with the token that the server printed',
      body: setupBody,
      answer: sessionView,
      act: { action: 'setup:complete', subject: () => 'setup' },
      door: ({ body, source }) => people.guessed(source, () => people.refuseWrongSetup(body.token)),
      async handle(call) {
        const made = await people.setUp(call.body.token, call.body.name, call.body.password);
        call.record({ person: made.id });
        return welcome(call, await sessions.begin(made, call));
      },
    }),
    route({
      method: 'post',
      path: '/invitations/accept',
      access: 'public',
      status: 201,
      summary: 'Become a person with an invitation',
      body: acceptance,
      answer: sessionView,
      act: { action: 'invitation:accept', subject: () => 'invitation' },
      door: ({ body, source }) => people.guessed(source, () => people.openInvitation(body.token)),
      async handle(call) {
        const made = await people.accept(call.body.token, call.body.name, call.body.password);
        call.record({ person: made.id });
        return welcome(call, await sessions.begin(made, call));
      },
    }),
  ];
}

function invitationRoutes({ people }: PeopleRoutePorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/invitations',
      access: 'person:manage',
      summary: 'Invitations that nobody has accepted yet',
      answer: list(invitation),
      handle: () => ({ items: people.invitations().map((one) => ({ ...one, grants: [...one.grants] })) }),
    }),
    route({
      method: 'post',
      path: '/invitations',
      access: 'person:manage',
      fresh: true,
      secretAnswer: true,
      status: 201,
      summary: 'Invite somebody; the token is shown once and lasts 72 hours',
      body: grantsBody,
      answer: newInvitation,
      act: {
        action: 'invitation:make',
        subject: () => 'invitation',
        detail: ({ grants }) => ({ grants: told(grants) }),
      },
      handle({ identity, body, record }) {
        const made = people.invite(identity.person, body.grants);
        record({ invitation: made.id });
        return made;
      },
    }),
    route({
      method: 'delete',
      path: '/invitations/:invitation',
      access: 'person:manage',
      summary: 'Withdraw an invitation',
      params: z.strictObject({ invitation: id }),
      answer: nothing,
      act: { action: 'invitation:withdraw', subject: ({ invitation: one }) => `invitation/${one}` },
      handle({ params }) {
        people.withdraw(params.invitation);
        return {};
      },
    }),
  ];
}

function readRoutes(ports: PeopleRoutePorts): Route[] {
  const { people } = ports;
  const view = (row: PersonRow) => viewOf(row, people.grantsOf(row.id));
  return [
    route({
      method: 'get',
      path: '/people',
      access: 'person:read',
      summary: 'People and their grants, by name',
      query: pageQuery,
      answer: page(person),
      handle({ query }) {
        const rows = people.list(decodeCursor(query.cursor, z.string(), ''), query.limit + 1);
        const items = rows.slice(0, query.limit);
        return { items: items.map(view), next: rows.length > items.length ? encodeCursor(items.at(-1)!.name) : null };
      },
    }),
    route({
      method: 'get',
      path: '/people/:person',
      access: 'person:read',
      summary: 'One person',
      params: personParams,
      answer: person,
      handle: ({ params }) => view(people.find(params.person)),
    }),
    route({
      method: 'get',
      path: '/people/:person/data',
      access: 'person:manage',
      summary: 'Everything that is held about one person',
      params: personParams,
      answer: personData,
      act: { action: 'person:export', ...aboutPerson },
      handle({ params }) {
        const row = people.find(params.person);
        return {
          person: view(row),
          sessions: ports.sessions.list(row.id).map(({ id: session, source, agent, created, used }) => ({
            ...{ id: session, source, agent, created, used },
          })),
          tokens: ports.tokens
            .ofPerson(row.id)
            .map(({ id: token, name, created, used }) => ({ id: token, name, created, used })),
          audit: ports.audit.store
            .about(row.id, auditValuesMax)
            .map(({ seq, field, value }) => ({ seq, field, value })),
        };
      },
    }),
  ];
}

function changeRoutes({ people, sessions }: PeopleRoutePorts): Route[] {
  return [
    route({
      method: 'put',
      path: '/people/:person/grants',
      access: 'person:manage',
      fresh: true,
      summary: 'Say what a person may do; their sessions end at once',
      params: personParams,
      body: grantsBody,
      answer: nothing,
      act: { action: 'person:grant', ...aboutPerson, detail: ({ grants }) => ({ grants: told(grants) }) },
      handle({ params, body }) {
        people.setGrants(params.person, body.grants);
        return {};
      },
    }),
    route({
      method: 'put',
      path: '/people/:person/disabled',
      access: 'person:manage',
      summary: 'Disable or enable a person; their sessions end at once',
      params: personParams,
      body: disabledBody,
      answer: nothing,
      act: { action: 'person:disable', ...aboutPerson, detail: ({ disabled }) => ({ disabled }) },
      handle({ params, body }) {
        people.setDisabled(params.person, body.disabled);
        return {};
      },
    }),
    route({
      method: 'delete',
      path: '/people/:person/sessions',
      access: 'person:manage',
      summary: 'End every session of a person',
      params: personParams,
      answer: nothing,
      act: { action: 'session:close-all', ...aboutPerson },
      handle({ params, record }) {
        record({ ended: sessions.endAll(people.find(params.person).id) });
        return {};
      },
    }),
    route({
      method: 'delete',
      path: '/people/:person',
      access: 'person:manage',
      fresh: true,
      summary: 'Erase a person, in the audit log as well; the log still verifies',
      params: personParams,
      answer: erased,
      act: { action: 'person:erase', subject: aboutPerson.subject },
      async handle({ params, record }) {
        const gone = await people.erase(params.person);
        record(gone);
        return gone;
      },
    }),
  ];
}

function viewOf(row: PersonRow, grants: Grant[]): z.infer<typeof person> {
  const { id: personId, name, disabled, totp, created } = row;
  return { id: personId, name, grants, disabled: disabled === 1, secondFactor: totp !== null, created };
}

function told(grants: readonly Grant[]): Json {
  return grants.map(({ environment, role }) => ({ environment, role }));
}
