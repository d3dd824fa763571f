// A receiver of posts on loopback: remembers what came, and answers what it is told to.
import { createServer, type IncomingHttpHeaders } from 'node:http';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebReceiver {
  url: string;
  place: string;
  received: Received[];
  /** Statuses of the next answers to bodies that hold a text; 200 when there are none left. */
  answers: Map<string, number[]>;
  close(): Promise<void>;
}

export async function openWebReceiver(): Promise<WebReceiver> {
  const received: Received[] = [];
  const answers: WebReceiver['answers'] = new Map();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      const [, statuses] = [...answers].find(([text]) => body.includes(text)) ?? [];
      response.writeHead(statuses?.shift() ?? 200, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    ...{ url: `http://127.0.0.1:${port}`, place: `127.0.0.1:${port}`, received, answers },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
