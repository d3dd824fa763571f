// "This is expected": people allow a process that looks like a threat until a day, and the process detector is told.
import { z } from 'zod';
import { list, nothing } from '../../../core/contracts/api.ts';
import type { threats } from '../../../core/contracts/api-watch.ts';
import type { ProcessFacts } from '../../../core/contracts/processes.ts';
import { allowBody, allowedThreats, threatExceptionView } from '../../../core/contracts/threat-exceptions.ts';
import { type Route, route } from '../http/route.ts';
import { UserError } from '../user-error.ts';
import { relayed } from '../watch/routes.ts';
import { identify } from './policy.ts';
import type { StoredException, ThreatExceptionStore } from './store.ts';

export interface ThreatRoutePorts {
  store: ThreatExceptionStore;
  /** All that run now; rejects where they cannot be read. */
  processes(): Promise<readonly ProcessFacts[]>;
  threats(): Promise<z.infer<typeof threats>>;
  randomId(): string;
  unixSeconds(): number;
  nameOf(person: string): string | undefined;
}

/** As many as the detector takes. */
const exceptionsMax = 1_000;
const daySeconds = 86_400;

export function threatRoutes(ports: ThreatRoutePorts): Route[] {
  return [listRoute(ports), allowRoute(ports), endRoute(ports), toldRoute(ports)];
}

function listRoute({ store, unixSeconds, nameOf }: ThreatRoutePorts): Route {
  return route({
    method: 'get',
    path: '/threats/exceptions',
    access: 'watch:read',
    summary: 'Processes that are allowed though they look like threats, newest first, each with owner, reason and end',
    answer: list(threatExceptionView),
    handle: () => ({ items: store.inForce(unixSeconds()).map((one) => viewOf(one, nameOf)) }),
  });
}

function allowRoute({ store, processes, threats: judged, randomId, unixSeconds, nameOf }: ThreatRoutePorts): Route {
  return route({
    method: 'post',
    path: '/threats/exceptions',
    access: 'threat:allow',
    status: 201,
    summary: 'Say that a listed threat is expected: it is allowed by its program, arguments, parent and container',
    body: allowBody,
    answer: threatExceptionView,
    act: {
      action: 'threat:allow',
      subject: (_, { instance, pid }) => `threat/${instance}/${pid}`,
      detail: ({ reason, days }) => ({ reason, days }),
    },
    async handle({ identity, body, record }) {
      const now = unixSeconds();
      if (store.inForce(now).length >= exceptionsMax)
        throw new UserError(409, 'too-many', `${exceptionsMax} exceptions are in force. End some that are not needed.`);
      const found = identify(body, await judged(), await relayed('collector', processes));
      if (found.kind === 'unknown') throw new UserError(409, 'cannot-be-allowed', found.reason);
      const { named } = found;
      const made = { id: randomId(), reason: body.reason, person: identity.person, createdSeconds: now };
      const exception = { ...made, ...named, expiresAtSeconds: now + body.days * daySeconds };
      record({ exception: exception.id, ...named, expiresAtSeconds: exception.expiresAtSeconds });
      store.add(exception);
      return viewOf(exception, nameOf);
    },
  });
}

function endRoute({ store }: ThreatRoutePorts): Route {
  return route({
    method: 'delete',
    path: '/threats/exceptions/:exception',
    access: 'threat:allow',
    summary: 'End an exception now: the process counts as a threat again',
    params: z.strictObject({ exception: z.string().regex(/^[0-9a-f]{16}$/) }),
    answer: nothing,
    act: { action: 'threat:disallow', subject: ({ exception }) => `threat-exception/${exception}` },
    handle({ params }) {
      if (!store.remove(params.exception))
        throw new UserError(404, 'no-exception', 'There is no such exception: it has ended, or somebody ended it.');
      return {};
    },
  });
}

function toldRoute({ store, unixSeconds, nameOf }: ThreatRoutePorts): Route {
  return route({
    method: 'get',
    path: '/threats/allowed',
    access: 'detectors',
    summary: 'Exceptions in force, for the detectors and their token',
    answer: allowedThreats,
    handle: () => ({
      items: store.inForce(unixSeconds()).map((one) => {
        const { createdSeconds: _, ...told } = viewOf(one, nameOf);
        return told;
      }),
    }),
  });
}

function viewOf({ person, ...rest }: StoredException, nameOf: ThreatRoutePorts['nameOf']) {
  return { ...rest, owner: nameOf(person) ?? person };
}
