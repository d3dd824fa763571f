// Silences kept by Alertmanager: with owner, reason, end, and what each one holds back right now.
import { z } from 'zod';
import type { silence, silenceBody } from '../../../core/contracts/api-watch.ts';
import { type FetchPorts, fetchJson } from '../watch/fetch-json.ts';

export interface SilencePorts {
  /** Base address of Alertmanager. */
  alertmanager: string;
  http: FetchPorts;
  unixSeconds(): number;
}

export type Silence = z.infer<typeof silence>;

const kept = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.string() }),
    createdBy: z.string(),
    comment: z.string(),
    startsAt: z.iso.datetime({ offset: true }),
    endsAt: z.iso.datetime({ offset: true }),
    matchers: z.array(
      z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }),
    ),
  }),
);
const alerts = z.array(z.object({ status: z.object({ silencedBy: z.array(z.string()) }) }));
const made = z.object({ silenceID: z.string() });

/** Those that hold or will hold, soonest to end first. Rejects where Alertmanager gives no whole answer. */
export async function listSilences({ alertmanager, http }: SilencePorts): Promise<Silence[]> {
  const [silences, held] = await Promise.all([
    fetchJson(`${alertmanager}/api/v2/silences`, http).then((answer) => kept.parse(answer)),
    fetchJson(`${alertmanager}/api/v2/alerts?silenced=true&active=false&inhibited=false`, http).then((answer) =>
      alerts.parse(answer),
    ),
  ]);
  const hits = (id: string) => held.filter(({ status }) => status.silencedBy.includes(id)).length;
  return silences
    .filter(({ status }) => status.state !== 'expired')
    .map(({ id, status, createdBy, comment, startsAt, endsAt, matchers }) => ({
      ...{ id, state: status.state, owner: createdBy, reason: comment, matchers, hits: hits(id) },
      startSeconds: secondsOf(startsAt),
      endSeconds: secondsOf(endsAt),
    }))
    .sort((a, b) => a.endSeconds - b.endSeconds);
}

/** Makes a silence and reads it back: its id counts only once it is in the list. */
export async function makeSilence(
  ports: SilencePorts,
  owner: string,
  { matchers, reason, minutes }: z.infer<typeof silenceBody>,
): Promise<string> {
  const { alertmanager, http } = ports;
  const now = ports.unixSeconds();
  const body = {
    ...{ matchers, createdBy: owner, comment: reason },
    startsAt: isoOf(now),
    endsAt: isoOf(now + minutes * 60),
  };
  const { silenceID } = made.parse(await fetchJson(`${alertmanager}/api/v2/silences`, http, { method: 'POST', body }));
  const there = (await listSilences(ports)).some(({ id }) => id === silenceID);
  if (!there) throw new Error(`Alertmanager said it made silence ${silenceID}, and does not list it`);
  return silenceID;
}

export async function endSilence({ alertmanager, http }: SilencePorts, id: string): Promise<void> {
  await fetchJson(`${alertmanager}/api/v2/silence/${encodeURIComponent(id)}`, http, { method: 'DELETE' });
}

function secondsOf(iso: string): number {
  return Date.parse(iso) / 1000;
}

function isoOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
