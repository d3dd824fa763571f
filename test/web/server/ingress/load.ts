// Requests on kept connections, counted by who answered; anything but 200 is a failure with its words.
import { Agent, request } from 'node:http';

export interface Load {
  total: number;
  failed: number;
  failures: string[];
  /** By the text of the answer. */
  answers: Map<string, number>;
}

export interface LoadOptions {
  port: number;
  host: string;
  connections: number;
  /** Called before each request; the load ends when it says so. */
  goOn(sent: number): boolean;
  /** For each connection between two requests. */
  pauseMilliseconds?: number;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
}

export async function load(options: LoadOptions): Promise<Load> {
  const result: Load = { total: 0, failed: 0, failures: [], answers: new Map() };
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  let sent = 0;
  const client = async (): Promise<void> => {
    while (options.goOn(sent)) {
      sent += 1;
      const answer = await once(options, agent).catch((error: Error) => error);
      result.total += 1;
      if (typeof answer === 'string') result.answers.set(answer, (result.answers.get(answer) ?? 0) + 1);
      else {
        result.failed += 1;
        if (result.failures.length < 20) result.failures.push(answer.message);
      }
      if (options.pauseMilliseconds !== undefined)
        await new Promise((resolve) => setTimeout(resolve, options.pauseMilliseconds));
    }
  };
  await Promise.all(Array.from({ length: options.connections }, client));
  agent.destroy();
  return result;
}

function once({ port, host, method, path, headers }: LoadOptions, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, agent, method: method ?? 'GET', path: path ?? '/', headers: { ...headers, host } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('error', reject);
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve(text) : reject(new Error(`${answer.statusCode} ${text.slice(0, 80)}`)),
        );
      },
    );
    sent.setTimeout(15_000, () => sent.destroy(new Error('no answer in 15 s')));
    sent.on('error', reject);
    sent.end();
  });
}
