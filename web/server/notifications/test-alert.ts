// The test button: an alert that takes the real way through Alertmanager, and what became of it at each receiver.
import type { Receiver, TestOutcome } from '../../../core/contracts/notifications.ts';
import { readBody } from '../../../core/lib/body.ts';
import { noSuccess } from '../../../core/lib/no-answer.ts';
import { type FetchPorts, fetchJson } from '../watch/fetch-json.ts';
import type { Delivery } from './store.ts';

export interface TestPorts {
  alertmanager: string;
  http: FetchPorts;
  /** What became of the delivery that carries this nonce. */
  byNonce(nonce: string): Delivery | undefined;
  randomId(): string;
  unixSeconds(): number;
  sleep(seconds: number): Promise<void>;
}

const pollSeconds = 0.25;
const pollsMax = 80;

/** Rejects where Alertmanager cannot be asked at all. */
export async function testReceiver({ id, kind }: Receiver, ports: TestPorts): Promise<TestOutcome> {
  const nonce = ports.randomId();
  const before = kind === 'email' ? await readMail(ports) : undefined;
  const now = ports.unixSeconds();
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
  const alert = {
    labels: { alertname: 'NotificationTest', severity: 'info', odyssey_test: id, nonce },
    annotations: {
      summary: 'A test of notifications: nothing is wrong',
      description: 'Sent because somebody pressed the button.',
    },
    ...{ startsAt: iso(now), endsAt: iso(now + 300) },
  };
  const { alertmanager, http } = ports;
  await fetchJson(`${alertmanager}/api/v2/alerts`, http, { method: 'POST', body: [alert] });
  for (let polls = 0; polls < pollsMax; polls++) {
    const outcome = before === undefined ? ofDelivery(ports.byNonce(nonce)) : ofMail(before, await readMail(ports));
    if (outcome !== undefined) return { receiver: id, ...outcome };
    await ports.sleep(pollSeconds);
  }
  const reason = `nobody said within ${pollSeconds * pollsMax} s what became of it`;
  return { receiver: id, outcome: 'unknown', reason };
}

type Said = Omit<TestOutcome, 'receiver'> | undefined;

function ofDelivery(delivery: Delivery | undefined): Said {
  if (delivery === undefined || delivery.state === 'pending') return undefined;
  return { outcome: delivery.state === 'delivered' ? 'sent' : 'failed', reason: delivery.said };
}

interface Mail {
  requests: number;
  failed: number;
}

/** Alertmanager says how many it handed to mail servers, not which: a failure at the same moment counts against the test. */
function ofMail(before: Mail, now: Mail): Said {
  if (now.failed > before.failed)
    return { outcome: 'failed', reason: "the mail server did not take it; Alertmanager's log has its words" };
  if (now.requests > before.requests) return { outcome: 'sent', reason: 'the mail server took it' };
  return undefined;
}

async function readMail({ alertmanager, http }: TestPorts): Promise<Mail> {
  const signal = AbortSignal.timeout(http.timeoutSeconds * 1000);
  const response = await http.fetch(`${alertmanager}/metrics`, { redirect: 'error', signal });
  const text = await readBody(response, http.answerBytesMax);
  if (!response.ok) throw noSuccess(response.status, text);
  const sum = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}\\{[^}]*integration="email"[^}]*\\} (\\S+)$`, 'gm'))]
      .map(([, value]) => Number(value))
      .reduce((total, value) => total + value, 0);
  return {
    requests: sum('alertmanager_notification_requests_total'),
    failed: sum('alertmanager_notification_requests_failed_total'),
  };
}
