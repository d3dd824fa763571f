// Slack's incoming webhook and a ntfy server, as strict about what they take as those are, and remembering it.
// Sources: api.slack.com/messaging/webhooks#handling_errors; docs.ntfy.sh/publish/#publish-as-json, docs.ntfy.sh/publish/#access-tokens.
import { createServer, type IncomingHttpHeaders } from 'node:http';

interface Posted {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

interface ChatServer<T> {
  url: string;
  place: string;
  /** What was taken, oldest first. */
  taken: T[];
  /** Everything that came, also what was refused. */
  posted: Posted[];
  close(): Promise<void>;
}

export interface SlackMessage {
  text: string;
}

export interface NtfyMessage {
  topic: string;
  title?: string;
  message?: string;
  priority?: number;
  tags?: string[];
  click?: string;
}

/** `path` is the secret part of the address. */
export function openSlack(path: string): Promise<ChatServer<SlackMessage>> {
  const plain = (status: number, body: string): Answer => ({ status, type: 'text/html', body });
  return open((posted, taken) => {
    if (posted.method !== 'POST') return plain(405, 'method_not_allowed');
    if (posted.path !== path) return plain(404, 'no_service');
    const message = readJson(posted);
    if (message === undefined) return plain(400, 'invalid_payload');
    const { text } = message;
    if (typeof text !== 'string' || text === '') return plain(400, 'no_text');
    taken.push({ text });
    return plain(200, 'ok');
  });
}

const messageBytesMax = 4_096;
const topicName = /^[-_A-Za-z0-9]{1,64}$/;

/** Topics that need the token; it keeps no files, so that what it takes for one is refused. */
export function openNtfy(token: string): Promise<ChatServer<NtfyMessage>> {
  const json = (status: number, body: object): Answer => ({
    ...{ status, type: 'application/json', body: JSON.stringify(body) },
  });
  const refuse = (code: number, error: string): Answer => json(Math.floor(code / 100), { code, error });
  return open((posted, taken) => {
    if (posted.headers.authorization === undefined) return refuse(40301, 'forbidden');
    if (posted.headers.authorization !== `Bearer ${token}`) return refuse(40101, 'unauthorized');
    if (posted.path !== '/' || !['POST', 'PUT'].includes(posted.method)) return refuse(40401, 'page not found');
    const message = posted.body.length > 2 * messageBytesMax ? undefined : readJson(posted);
    if (message === undefined) return refuse(40024, 'invalid request: request body must be valid JSON');
    const { topic, priority = 3, message: text = 'triggered' } = message as unknown as NtfyMessage;
    if (!topicName.test(topic)) return refuse(40009, 'invalid request: topic invalid');
    if (!Number.isInteger(priority) || priority < 1 || priority > 5) return refuse(40007, 'invalid request: priority');
    if (Buffer.byteLength(text) >= messageBytesMax) return refuse(40014, 'invalid request: attachments not allowed');
    taken.push(message as unknown as NtfyMessage);
    return json(200, { id: `m${taken.length}`, time: 1, event: 'message', ...message });
  });
}

function readJson({ headers, body }: Posted): Record<string, unknown> | undefined {
  if (!headers['content-type']?.startsWith('application/json')) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

async function open<T>(judge: (posted: Posted, taken: T[]) => Answer): Promise<ChatServer<T>> {
  const taken: T[] = [];
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(pieces) };
      posted.push(one);
      const { status, type, body } = judge(one, taken);
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    ...{ url: `http://127.0.0.1:${port}`, place: `127.0.0.1:${port}`, taken, posted },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
