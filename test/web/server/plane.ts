// A whole control plane on a free loopback port with a clock that the test moves, and callers with cookies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { allEnvironments, type Grant, type Role } from '../../../core/contracts/access.ts';
import type { Clock } from '../../../core/runtime/clock.ts';
import { createPrometheus } from '../../../core/runtime/prometheus.ts';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  type Neighbours,
  openControlPlane,
} from '../../../web/server/control-plane.ts';
import { createBrokerEngine } from '../../../web/server/engine/broker-engine.ts';
import type { IngressSettings } from '../../../web/server/ingress/container-spec.ts';
import { listenForPeople } from '../../../web/server/listen.ts';
import type { Hub } from '../../../web/server/live/hub.ts';

export const password = 'correct horse battery staple';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server says
  body: any;
  text: string;
}

/** One that nobody has been to yet. */
export interface FreshPlane {
  plane: ControlPlane;
  hub: Hub;
  url: string;
  folder: string;
  /** Lines that were logged. */
  logged: string[];
  /** For the first admin; undefined where there is one already. */
  setupToken: string | undefined;
  /** Lets time pass, on both clocks. */
  pass(seconds: number): void;
  now(): number;
  caller(): Caller;
  close(): Promise<void>;
}

export interface TestPlane extends Omit<FreshPlane, 'setupToken'> {
  /** A signed-in person with these grants. */
  person(name: string, grants: readonly Grant[]): Promise<Caller>;
  withRole(role: Role): Promise<Caller>;
  admin: Caller;
  defaultEnvironment: string;
}

/** Somebody with a browser: keeps cookies and the CSRF value, sends what the console would send. */
export class Caller {
  private readonly url: string;
  cookies = new Map<string, string>();
  csrf: string | undefined;
  id = '';

  constructor(url: string) {
    this.url = url;
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.cookies.size > 0
          ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
          : {}),
        ...(this.csrf === undefined ? {} : { 'x-csrf-token': this.csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split('=') as [string, string];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json') && !text.includes('\n');
    const answer = {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : undefined,
      text,
    };
    if (typeof answer.body?.csrf === 'string') this.csrf = answer.body.csrf;
    if (typeof answer.body?.person?.id === 'string' && path !== '/people') this.id = answer.body.person.id;
    return answer;
  }

  signIn(name: string, secret = password, code?: string): Promise<Answer> {
    return this.call('POST', '/session', { name, password: secret, ...(code === undefined ? {} : { code }) });
  }
}

/** Nothing listens on port 9 of loopback: every neighbour is silent. */
const silent = 'http://127.0.0.1:9';
const limits = { fetch, timeoutSeconds: 1, answerBytesMax: 1_000_000 };
export const nobody: Neighbours = {
  prometheus: createPrometheus({ ...limits, baseUrl: silent }),
  ...{ alertmanager: silent, grafana: '', collector: silent, http: limits },
  detectors: { gpu: silent, container: silent, process: silent, disk: silent },
};

const noIngress: IngressSettings = {
  ...{ image: '', ports: { http: 80, https: 443 }, metricsPort: undefined, networks: [] },
  mounts: { kind: 'bind', configuration: '/none', sockets: '/none' },
  user: { uid: 0, gid: 0 },
};

type Options = Partial<ControlPlaneOptions> & { port?: number };

export async function openFreshPlane(options: Options = {}): Promise<FreshPlane> {
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'odyssey-plane-'));
  let now = 1_800_000_000;
  const clock: Clock = {
    unixSeconds: () => now,
    monotonicSeconds: () => now - 1_700_000_000,
    sleep: () => Promise.resolve(),
  };
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const plane = await openControlPlane({
    ...{ dataFolder: folder, clock, log, tls: false, version: '0.0.0', callsPerMinute: 1_000_000 },
    ...{
      consoleFolder: undefined,
      runbooks: new Map(),
      auditOrigin: 'odyssey.test/audit',
      anchors: [],
      neighbours: nobody,
      engine: createBrokerEngine(join(folder, 'run/broker/write.sock')),
      ingress: noIngress,
      notifications: {
        ...{ configFile: join(folder, 'config/alertmanager.yml'), amtool: '' },
        inbox: { url: 'http://127.0.0.1:9/api/v1/inbox', tokenFile: '', caFile: '' },
      },
      onAnswer: () => {},
    },
    ...options,
  });
  const serving = await listenForPeople(plane.app, { host: '127.0.0.1', port: options.port ?? 0 }, undefined);
  const hub = plane.openHub(serving.server);
  const url = `http://127.0.0.1:${serving.port}`;
  return {
    ...{ plane, hub, url, folder, logged, setupToken: plane.people.offerSetup() },
    pass: (seconds) => {
      now += seconds;
    },
    now: () => now,
    caller: () => new Caller(url),
    async close() {
      await hub.close();
      await serving.close();
      await plane.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function openPlane(options: Options = {}): Promise<TestPlane> {
  const { setupToken: token, ...fresh } = await openFreshPlane(options);
  const { url } = fresh;
  const admin = new Caller(url);
  const entered =
    token === undefined
      ? await admin.signIn('root-admin')
      : await admin.call('POST', '/setup', { token, name: 'root-admin', password });
  if (entered.status >= 300) throw new Error(`the admin does not get in: ${entered.text}`);
  const environments = await admin.call('GET', '/environments');

  const person = async (name: string, grants: readonly Grant[]): Promise<Caller> => {
    await admin.signIn('root-admin');
    const invitation = await admin.call('POST', '/invitations', { grants });
    const caller = new Caller(url);
    const made = await caller.call('POST', '/invitations/accept', { token: invitation.body.token, name, password });
    if (made.status !== 201) throw new Error(`no person: ${made.text}`);
    return caller;
  };
  return {
    ...{ ...fresh, admin, person },
    withRole: (role) => person(`the-${role}`, [{ environment: allEnvironments, role }]),
    defaultEnvironment: environments.body.items[0].id,
  };
}
