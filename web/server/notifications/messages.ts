// What each kind of receiver is sent: Slack's text, ntfy's JSON, or a signed webhook.
import type { Receiver } from '../../../core/contracts/notifications.ts';
import { alertPath, alertsPath, consoleRoot, runbookPlace } from '../../../core/lib/alert-link.ts';
import type { Delivery } from './store.ts';

/** A request as it goes out; whatever it needs to be let in is in the headers or the address. */
export interface Outgoing {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface MessagePorts {
  /** HMAC with SHA-256. */
  hmac(key: Uint8Array, message: Uint8Array): Uint8Array;
  base64: { encode(bytes: Uint8Array): string; decode(text: string): Uint8Array };
}

interface Told {
  receiver: Receiver;
  secret: string;
  delivery: Delivery;
  consoleUrl: string;
  unixSeconds: number;
}

type Alert = Delivery['message']['alerts'][number];

const linesMax = 10;
const textMax = 3_000;
/** ntfy and chats take longer ones, but whoever reads them does not. */
const linkMax = 1_000;
/** At 4,096 ntfy takes a message for a file and refuses it where it keeps no files: https://docs.ntfy.sh/config/#message-limits */
const ntfyBytesMax = 3_000;

/** Throws where the receiver lacks what it cannot do without, with a sentence for its owner. */
export function composeMessage(told: Told, ports: MessagePorts): Outgoing {
  const { receiver, secret } = told;
  if (receiver.kind === 'slack') {
    if (secret === '') throw new Error('its address is not set');
    return { url: secret, headers: json, body: JSON.stringify({ text: slackText(told) }) };
  }
  if (receiver.kind === 'ntfy') return ntfy(told, receiver);
  if (receiver.kind === 'webhook') return signed(told, receiver.url, ports);
  throw new Error('Alertmanager sends e-mail itself');
}

const json = { 'content-type': 'application/json' };

function titleOf({ message, nonce }: Delivery): string {
  const firing = message.alerts.filter(({ status }) => status === 'firing').length;
  const names = [...new Set(message.alerts.map(({ labels }) => plain(labels['alertname'] ?? '', 80)))].slice(0, 3);
  const state = firing > 0 ? `${firing} firing` : 'resolved';
  return `${nonce === null ? '' : 'Test: '}[${state}] ${names.join(', ')}`;
}

function linesOf({ message }: Delivery): string[] {
  const lines = message.alerts.slice(0, linesMax).map(lineOf);
  const more = message.alerts.length - lines.length + message.truncatedAlerts;
  return more > 0 ? [...lines, `… and ${more} more`] : lines;
}

function lineOf({ status, labels, annotations }: Alert): string {
  const severity = status === 'resolved' ? 'resolved' : (labels['severity'] ?? '');
  const culprits = annotations['culprits'];
  const top = culprits === undefined ? '' : ` (top: ${plain(culprits, 300)})`;
  return `${severity}: ${plain(annotations['summary'] ?? labels['alertname'] ?? '', 300)}${top}`;
}

/** Where each alert is shown with its runbook; one whose labels make too long an address, among those of its name. */
function linkOf({ labels: { alertname = '', severity: _, ...labels } }: Alert, consoleUrl: string): string {
  const exact = `${consoleRoot(consoleUrl)}${alertPath({ name: alertname, labels })}`;
  return exact.length <= linkMax
    ? exact
    : `${consoleRoot(consoleUrl)}${alertsPath(encodeURIComponent(plain(alertname, 80)))}`;
}

/** The first of each name: what to do is the same for all of them. */
function firstOfEach({ message }: Delivery): Alert[] {
  const shown = message.alerts.slice(0, linesMax);
  return [...Map.groupBy(shown, ({ labels }) => labels['alertname']).values()].map(([first]) => first!);
}

/** Where nobody has said how the console is reached. */
function placesOf(delivery: Delivery): string[] {
  return firstOfEach(delivery).flatMap(({ labels: { alertname = '' }, annotations: { runbook } }) =>
    runbook === undefined ? [] : [`What to do: ${plain(runbookPlace(alertname, runbook.split('#')[0]!), 300)}`],
  );
}

/** One line, without control characters and marks that turn text around; names of containers are written by others. */
function plain(text: string, most: number): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .slice(0, most)
    .trim();
}

/** Slack takes `&`, `<` and `>` for marks of its own: https://api.slack.com/reference/surfaces/formatting#escaping */
function slackText({ delivery, consoleUrl }: Told): string {
  const text = [titleOf(delivery), ...linesOf(delivery)].join('\n').slice(0, textMax);
  if (consoleUrl === '') return escaped([text, ...placesOf(delivery)].join('\n'));
  const links = firstOfEach(delivery).map(
    (alert) => `<${escaped(linkOf(alert, consoleUrl))}|${escaped(plain(alert.labels['alertname'] ?? 'alert', 80))}>`,
  );
  return `${escaped(text)}\nWhat to do: ${links.join(', ')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** As JSON, which carries every language; headers would not: https://docs.ntfy.sh/publish/#publish-as-json */
function ntfy(told: Told, { server, topic }: Extract<Receiver, { kind: 'ntfy' }>): Outgoing {
  const { delivery, secret, consoleUrl } = told;
  const critical = delivery.message.alerts.some(
    ({ status, labels }) => status === 'firing' && labels['severity'] === 'critical',
  );
  const [first] = firstOfEach(delivery);
  const lines = [...linesOf(delivery), ...(consoleUrl === '' ? placesOf(delivery) : [])];
  const body = {
    ...{ topic, title: titleOf(delivery), message: cutToBytes(lines.join('\n'), ntfyBytesMax) },
    ...{ priority: critical ? 5 : 3, tags: [delivery.message.status === 'firing' ? 'warning' : 'white_check_mark'] },
    ...(first !== undefined && consoleUrl !== '' && { click: linkOf(first, consoleUrl) }),
  };
  const headers = secret === '' ? json : { ...json, authorization: `Bearer ${secret}` };
  return { url: server, headers, body: JSON.stringify(body) };
}

/** Whole characters, as many as fit. */
function cutToBytes(text: string, most: number): string {
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= most ? text : new TextDecoder().decode(bytes.subarray(0, most)).replace(/\ufffd$/, '');
}

/** Headers and signature as https://www.standardwebhooks.com says; every attempt of one delivery has its id. */
function signed({ delivery, secret, consoleUrl, unixSeconds }: Told, url: string, ports: MessagePorts): Outgoing {
  if (!secret.startsWith(secretPrefix)) throw new Error('its signing secret is not set');
  const { id, nonce, message, createdSeconds } = delivery;
  const body = JSON.stringify({
    ...{ type: nonce === null ? 'alerts' : 'test', id, timestamp: createdSeconds, status: message.status },
    alerts: message.alerts.map((one) => ({ ...one, link: consoleUrl === '' ? null : linkOf(one, consoleUrl) })),
    truncatedAlerts: message.truncatedAlerts,
  });
  const timestamp = String(Math.floor(unixSeconds));
  const key = ports.base64.decode(secret.slice(secretPrefix.length));
  const mac = ports.hmac(key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  const signature = `v1,${ports.base64.encode(mac)}`;
  const headers = { ...json, 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return { url, headers, body };
}

export const secretPrefix = 'whsec_';
