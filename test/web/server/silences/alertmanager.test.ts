// Alertmanager's silences in our words, and what is sent to it.
import { expect, test } from 'vitest';
import { endSilence, listSilences, makeSilence } from '../../../../web/server/silences/alertmanager.ts';

const silence = (id: string, endsAt: string, state = 'active') => ({
  ...{ id, status: { state }, createdBy: 'ada', comment: 'why', startsAt: '2027-01-15T08:00:00.000Z', endsAt },
  matchers: [{ name: 'a', value: 'b', isRegex: false }],
});

function portsOf(answers: Record<string, unknown>) {
  const sent: { address: string; method: string | undefined; body: unknown }[] = [];
  const fake = async (address: unknown, init?: RequestInit) => {
    sent.push({ address: String(address), method: init?.method, body: init?.body });
    const answer = answers[`${init?.method} ${new URL(String(address)).pathname}`];
    return answer === undefined ? new Response('', { status: 404 }) : new Response(JSON.stringify(answer));
  };
  const http = { fetch: fake as typeof fetch, timeoutSeconds: 1, answerBytesMax: 100_000 };
  return { sent, ports: { alertmanager: 'http://am', http, unixSeconds: () => 1_800_000_000 } };
}

const heldBy = (...silencedBy: string[]) => ({ labels: { alertname: 'A' }, status: { silencedBy } });

test('the soonest to end comes first, ended ones are left out, hits are counted', async () => {
  const { ports } = portsOf({
    'GET /api/v2/silences': [
      silence('late', '2027-01-15T10:00:00.000Z'),
      silence('soon', '2027-01-15T09:00:00.000+01:00'),
      silence('gone', '2027-01-15T08:30:00.000Z', 'expired'),
    ],
    'GET /api/v2/alerts': [heldBy('late', 'soon'), heldBy('late')],
  });
  const found = await listSilences(ports);
  expect(found.map(({ id, hits }) => [id, hits])).toEqual([
    ['soon', 1],
    ['late', 2],
  ]);
  expect(found[0]!.matchers[0]!.isEqual).toBe(true);
});

test('a silence starts now, ends after its minutes and names its owner', async () => {
  const { ports, sent } = portsOf({
    'POST /api/v2/silences': { silenceID: 'x' },
    'GET /api/v2/silences': [silence('x', '2027-01-15T09:00:00.000Z')],
    'GET /api/v2/alerts': [],
  });
  const matchers = [{ name: 'a', value: 'b', isRegex: false, isEqual: true }];
  expect(await makeSilence(ports, 'ada', { matchers, reason: 'why', minutes: 30 })).toBe('x');
  expect(JSON.parse(String(sent[0]!.body))).toEqual({
    ...{ matchers, createdBy: 'ada', comment: 'why' },
    startsAt: '2027-01-15T08:00:00.000Z',
    endsAt: '2027-01-15T08:30:00.000Z',
  });
});

test('of hundreds held back all are counted and the first 200 listed', async () => {
  const { ports } = portsOf({
    'GET /api/v2/silences': [silence('one', '2027-01-15T10:00:00.000Z')],
    'GET /api/v2/alerts': Array.from({ length: 900 }, () => heldBy('one')),
  });
  const [one] = await listSilences(ports);
  expect([one!.hits, one!.alerts.length]).toEqual([900, 200]);
});

test('an answer of another shape is a failure, and an id cannot leave its place in the address', async () => {
  await expect(listSilences(portsOf({ 'GET /api/v2/silences': {}, 'GET /api/v2/alerts': [] }).ports)).rejects.toThrow();
  const { ports, sent } = portsOf({});
  await expect(endSilence(ports, '../alerts')).rejects.toThrow('no such silence');
  expect(sent[0]!.address).toBe('http://am/api/v2/silence/..%2Falerts');
});
