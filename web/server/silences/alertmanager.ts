// Silences kept by Alertmanager: with owner, reason, end, and what each one holds back right now.
import { z } from 'zod';
import type { silence, silenceBody } from '../../../core/contracts/api-watch.ts';
import { NoAnswer } from '../../../core/lib/no-answer.ts';
import { UserError } from '../user-error.ts';
import { type FetchPorts, fetchJson } from '../watch/fetch-json.ts';

export interface SilencePorts {
  /** Base address of Alertmanager. */
  alertmanager: string;
  http: FetchPorts;
  unixSeconds(): number;
}

export type Silence = z.infer<typeof silence>;

const kept = z.object({
  id: z.string(),
  status: z.object({ state: z.string() }),
  createdBy: z.string(),
  comment: z.string(),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  matchers: z.array(
    z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }),
  ),
});
type Kept = z.infer<typeof kept>;
const alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ silencedBy: z.array(z.string()) }),
  }),
);
const made = z.object({ silenceID: z.string() });
const listedMax = 200;

/** Those that hold or will hold, soonest to end first. Rejects where Alertmanager gives no whole answer. */
export async function listSilences({ alertmanager, http }: SilencePorts): Promise<Silence[]> {
  const [silences, told] = await Promise.all([
    fetchJson(`${alertmanager}/api/v2/silences`, http).then((answer) => z.array(kept).parse(answer)),
    // An alert can be silenced and inhibited at once: it is held back by the silence all the same.
    fetchJson(`${alertmanager}/api/v2/alerts?silenced=true&active=false&inhibited=true`, http).then((answer) =>
      alerts.parse(answer),
    ),
  ]);
  return silences
    .filter(({ status }) => status.state !== 'expired')
    .map((one) => {
      const held = told.filter(({ status }) => status.silencedBy.includes(one.id));
      return { ...viewOf(one), hits: held.length, alerts: held.slice(0, listedMax).map(alertOf) };
    })
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

/** Ends a silence and reads that back; resolves to what it was. UserError where there is none, or none that holds. */
export async function endSilence(ports: SilencePorts, id: string): Promise<Omit<Silence, 'hits' | 'alerts'>> {
  const { alertmanager, http } = ports;
  const before = await readSilence(ports, id);
  if (before.state === 'expired')
    throw new UserError(409, 'silence-ended', 'This silence has ended already: it holds nothing back any more.');
  await fetchJson(`${alertmanager}/api/v2/silence/${encodeURIComponent(id)}`, http, { method: 'DELETE' });
  const { state } = await readSilence(ports, id);
  if (state !== 'expired') throw new Error(`Alertmanager said it ended silence ${id}, and lists it as ${state}`);
  return before;
}

async function readSilence({ alertmanager, http }: SilencePorts, id: string) {
  try {
    return viewOf(kept.parse(await fetchJson(`${alertmanager}/api/v2/silence/${encodeURIComponent(id)}`, http)));
  } catch (error) {
    if (!(error instanceof NoAnswer) || error.status !== 404) throw error;
    throw new UserError(404, 'no-silence', 'Alertmanager knows no such silence: nothing is held back by it.');
  }
}

function viewOf({ id, status, createdBy, comment, startsAt, endsAt, matchers }: Kept) {
  return {
    ...{ id, state: status.state, owner: createdBy, reason: comment, matchers },
    ...{ startSeconds: secondsOf(startsAt), endSeconds: secondsOf(endsAt) },
  };
}

/** As the console names an alert: its name and severity stand apart from the labels of its thing. */
function alertOf({ labels: { alertname: name = '', severity = '', ...labels } }: z.infer<typeof alerts>[number]) {
  return { name, severity, labels };
}

function secondsOf(iso: string): number {
  return Date.parse(iso) / 1000;
}

function isoOf(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}
