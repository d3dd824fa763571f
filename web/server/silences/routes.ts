// Quiet for a while: silences with an owner, a reason and an end, recorded like every other act.
import { z } from 'zod';
import { list, nothing } from '../../../core/contracts/api.ts';
import { silence, silenceBody, silenceMade } from '../../../core/contracts/api-watch.ts';
import { type Route, route } from '../http/route.ts';
import { relayed } from '../watch/routes.ts';
import { endSilence, listSilences, makeSilence, type SilencePorts } from './alertmanager.ts';

const who = 'alertmanager';

export function silenceRoutes(ports: SilencePorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/silences',
      access: 'watch:read',
      summary: 'Silences that hold or will hold, soonest to end first, with what each holds back',
      answer: list(silence),
      handle: () => relayed(who, async () => ({ items: await listSilences(ports) })),
    }),
    route({
      method: 'post',
      path: '/silences',
      access: 'silence:write',
      status: 201,
      summary: 'Hold alerts back for a while',
      body: silenceBody,
      answer: silenceMade,
      act: {
        action: 'silence:make',
        subject: () => 'silence',
        detail: ({ matchers, reason, minutes }) => ({ matchers, reason, minutes }),
      },
      async handle({ identity, body, record }) {
        const id = await relayed(who, () => makeSilence(ports, identity.name, body));
        record({ silence: id });
        return { id };
      },
    }),
    route({
      method: 'delete',
      path: '/silences/:silence',
      access: 'silence:write',
      summary: 'End a silence now',
      params: z.strictObject({ silence: z.uuid() }),
      answer: nothing,
      act: { action: 'silence:end', subject: ({ silence: id }) => `silence/${id}` },
      async handle({ params, record }) {
        const { owner, reason, matchers, endSeconds } = await relayed(who, () => endSilence(ports, params.silence));
        record({ owner, reason, matchers, wouldHaveEndedSeconds: endSeconds });
        return {};
      },
    }),
  ];
}
