// What the pictures show where an engine can be had: an application with its revisions, one that was refused, a secret, a volume, a network.
import type { Operation } from '../../../core/contracts/deployments.ts';
import { systemClock } from '../../../core/runtime/clock.ts';
import { application } from '../../web/server/deployments/rig.ts';
import type { Answer, Caller } from '../../web/server/plane.ts';
import { type EngineConsole, startEngineConsole } from '../engine-console.ts';

export interface Stage {
  console: EngineConsole;
  /** Addresses of what is there now. */
  paths: string[];
}

const operationSecondsMax = 120;

/** Throws when something that the pictures are to show does not come about. */
export async function setStage(
  progress: (line: string) => void,
): Promise<{ kind: 'stage'; stage: Stage } | { kind: 'absent'; reason: string }> {
  const started = await startEngineConsole('scripted');
  if (started.kind === 'absent') return started;
  const { it } = started.console;
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await it.admin.call(method, `/environments/${it.defaultEnvironment}${path}`, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  try {
    await it.admin.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
    progress('something to look at: two applications, a secret, a volume, a network');
    return {
      kind: 'stage',
      stage: { console: started.console, paths: [...(await fill(call)), ...(await containerOf(it.admin))] },
    };
  } catch (error) {
    await started.console.close();
    throw error;
  }
}

/** The application with something to say, so that the pictures of logs have lines. */
const talking = `const say = (level, msg) => console.log(JSON.stringify({ level, msg }));
  let n = 0;
  setInterval(() => say(++n % 9 === 0 ? 'warn' : 'info', n % 9 === 0 ? 'slow answer of the payment service' : 'order ' + (4000 + n) + ' is paid'), 400);
  import('/app/server.mjs')`;

type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

async function fill(call: Call): Promise<string[]> {
  const operate = async (path: string, body: unknown) => ended(call, (await call('POST', path, body)).body.operation);
  await call('POST', '/secrets', { name: 'db-password', value: { text: 'for the pictures' }, deployments: ['shop'] });
  await call('POST', '/volumes', { name: 'vol-uploads' });
  await call('POST', '/networks', { name: 'payments' });
  const secrets = [{ name: 'db-password' }];
  await operate('/deployments', application('shop', 'app:1', { replicas: 3, secrets, args: ['-e', talking] }));
  await operate(
    '/deployments',
    application('mailer', 'app:1', { volumes: [{ name: 'vol-uploads', path: '/uploads' }] }),
  );
  await operate('/deployments/shop/revisions', { image: 'app:2', env: { COLOUR: 'blue' } });
  // Refused by its own health check, so that the pictures have a change that went back by itself.
  await operate('/deployments/mailer/revisions', {
    image: 'app:2',
    env: { HEALTH: 'bad' },
    args: ['-e', 'process.exit(7)'],
  });
  const tabs = ['', '?tab=revisions', '?tab=log', '?tab=health', '?tab=events', '?tab=history', '?tab=settings'];
  return [
    ...tabs.map((tab) => `/deployments/shop${tab}`),
    ...['/deployments/mailer', '/deployments/mailer?tab=history', '/deployments/shop/update'],
  ];
}

async function containerOf(admin: Caller): Promise<string[]> {
  const { items } = (await admin.call('GET', '/containers')).body;
  const { id } = (items as { id: string; name: string }[]).find(({ name }) => name.includes('shop'))!;
  return [`/containers/${id}`, `/containers/${id}?tab=log`, `/containers/${id}?tab=health`];
}

async function ended(call: Call, operation: string): Promise<Operation> {
  for (let tries = 0; tries < operationSecondsMax * 2; tries++) {
    const { body } = await call('GET', `/operations/${operation}`);
    if (body.state !== 'running') return body;
    await systemClock.sleep(0.5);
  }
  throw new Error(`the operation ${operation} has not ended in ${operationSecondsMax} s`);
}
