// A person who uses the appliance from outside: over its published ports, in the engine's own network, trusting its certificate.
import { spawn } from 'node:child_process';
import { healthCheck } from '../../engine/http-image.ts';
import type { Appliance } from './stack.ts';

export interface Told {
  status: number;
  headers: Record<string, string>;
  cookies: readonly string[];
  text: string;
}

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

/** One request from the host that the engine believes it runs on; the certificate is not compared, as on a person's first visit. */
export function ask(appliance: Appliance, url: string, asked: Asked = {}): Promise<Told> {
  const script = `
    const { url, method, headers, body } = JSON.parse(process.argv[1]);
    const { request } = await import(url.startsWith('https') ? 'node:https' : 'node:http');
    const sent = request(url, { method, headers, rejectUnauthorized: false, timeout: 15000 }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => console.log(JSON.stringify({ status: answer.statusCode, headers: answer.headers, cookies: answer.headers['set-cookie'] ?? [], text })));
    });
    sent.on('error', (error) => console.log(JSON.stringify({ status: 0, headers: {}, cookies: [], text: error.message })));
    sent.on('timeout', () => sent.destroy(new Error('no answer in 15 s')));
    sent.end(body);`;
  const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...asked.headers };
  const given = JSON.stringify({ url, method: asked.method ?? 'GET', headers, body });
  const enter = ['-t', String(appliance.engine.holder), '--net'];
  const child = spawn('nsenter', [...enter, process.execPath, '--input-type=module', '-e', script, given]);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += String(chunk);
    });
    child.on('error', reject);
    child.on('exit', () => (text === '' ? reject(new Error('nothing was said')) : resolve(JSON.parse(text) as Told)));
  });
}

/** The first admin, made with the token in the control plane's log. */
export class Admin {
  private readonly appliance: Appliance;
  private readonly cookies = new Map<string, string>();
  private csrf: string | undefined;

  constructor(appliance: Appliance) {
    this.appliance = appliance;
  }

  async setUp(): Promise<void> {
    const log = await this.appliance.compose('logs', '--no-color', 'control-plane');
    const token = /Set-up token \(once, within a day\): (\S+)/.exec(log)?.[1];
    const password = 'correct horse battery staple';
    const made = await this.call('POST', '/setup', { token, name: 'ada', password });
    if (made.status !== 201) throw new Error(`no admin: ${JSON.stringify(made)}`);
  }

  /** A swarm, and behind the ingress a small service that answers for shop.test; what came of it, as the operation says. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server says
  async deployShop(): Promise<any> {
    const swarm = await this.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
    if (swarm.status !== 201) throw new Error(`no swarm: ${JSON.stringify(swarm)}`);
    const at = `/environments/${(await this.call('GET', '/environments')).body.items[0].id}`;
    const begun = await this.call('POST', `${at}/deployments`, {
      ...{ name: 'shop', image: 'app:1', port: 8080, hosts: ['shop.test'], healthPath: '/healthz', healthCheck },
      limits: { memoryMegabytes: 128, cpus: 0.5 },
    });
    if (begun.status !== 202) throw new Error(`not deployed: ${JSON.stringify(begun)}`);
    const operation = async () => (await this.call('GET', `${at}/operations/${begun.body.operation}`)).body;
    return until(operation, ({ state }) => state !== 'running');
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server says
  async call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const told = await ask(this.appliance, `https://127.0.0.1:8080/api/v1${path}`, {
      ...{ method, body },
      headers: { ...(cookie && { cookie }), ...(this.csrf && { 'x-csrf-token': this.csrf }) },
    });
    for (const line of told.cookies) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      this.cookies.set(name, value);
    }
    const answer = told.text.startsWith('{') ? JSON.parse(told.text) : told.text;
    if (typeof answer?.csrf === 'string') this.csrf = answer.csrf;
    return { status: told.status, body: answer };
  }
}

/** Asks each second until the answer is the wanted one; after a minute and a half gives the last answer, or throws its error. */
export async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 90_000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => error as Error);
    if (!(answer instanceof Error) && wanted(answer)) return answer;
    if (performance.now() > deadline) {
      if (answer instanceof Error) throw answer;
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
