// Containers of this engine, with start, stop and restart of those that nothing else keeps; what happened, and why a replica is not well.
import { z } from 'zod';
import { id, list } from '../../../core/contracts/api.ts';
import { container, containerDetail, containerId } from '../../../core/contracts/containers.ts';
import { deploymentName } from '../../../core/contracts/deployment-spec.ts';
import { diagnoses, engineEvents } from '../../../core/contracts/logs.ts';
import type { Container } from '../engine/objects.ts';
import type { EnginePort } from '../engine/port.ts';
import { type Route, route } from '../http/route.ts';
import { servicesOf } from '../logs/sources.ts';
import { UserError } from '../user-error.ts';
import { keptByOthers, toContainer, toDetail } from './containers.ts';
import { diagnose } from './diagnosis.ts';
import type { EventRing } from './events.ts';
import { told } from './told.ts';

export interface ObservedPorts {
  engine: EnginePort;
  events: EventRing;
  sleep(seconds: number): Promise<void>;
}

const params = z.strictObject({ container: containerId });
const ofDeployment = z.strictObject({ environment: id, deployment: deploymentName });
const limit = z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(200) });
/** The engine is asked for each of these one by one. */
const inspectedMax = 60;

export function observedRoutes(ports: ObservedPorts): Route[] {
  const { engine, events } = ports;
  return [
    route({
      method: 'get',
      path: '/containers',
      access: 'container:read',
      summary: 'All containers of this engine, and whose they are',
      answer: list(container),
      async handle() {
        const items = told(await engine.containers.list({ all: true })).map(toContainer);
        return { items: items.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })) };
      },
    }),
    route({
      method: 'get',
      path: '/containers/:container',
      access: 'container:read',
      summary: 'One container: its last exit, its health checks, the names of its environment',
      params,
      answer: containerDetail,
      handle: async ({ params: { container: one } }) => detailOf(engine, one),
    }),
    operate(ports, 'start', 'Start an observed container'),
    operate(ports, 'stop', 'Stop an observed container; it has 10 s to end by itself'),
    operate(ports, 'restart', 'Restart an observed container'),
    route({
      method: 'get',
      path: '/events',
      access: 'container:read',
      summary: 'What the engine told happened, newest first',
      query: limit,
      answer: engineEvents,
      handle: ({ query }) => ({
        ...{ items: events.list(query.limit), since: events.since ?? null, listening: events.listening },
      }),
    }),
    route({
      method: 'get',
      path: '/environments/:environment/deployments/:deployment/events',
      access: 'log:read',
      environment: 'environment',
      summary: 'What the engine told happened to a deployment, newest first',
      params: ofDeployment,
      query: limit,
      answer: engineEvents,
      handle: ({ params: of, query }) => ({
        ...{ items: events.list(query.limit, of), since: events.since ?? null, listening: events.listening },
      }),
    }),
    route({
      method: 'get',
      path: '/environments/:environment/deployments/:deployment/diagnosis',
      access: 'log:read',
      environment: 'environment',
      summary:
        'Each replica: its state and reason, its last exits, what its health checks printed, whether it ran out of memory',
      params: ofDeployment,
      answer: diagnoses,
      handle: async ({ params: of }) => ({ items: await diagnosisOf(ports, of) }),
    }),
  ];
}

async function detailOf(engine: EnginePort, one: string) {
  const inspected = told(await engine.containers.inspect(one));
  const listed = told(await engine.containers.list({ all: true, filters: { id: [one] } }))[0];
  return toDetail(inspected, { image: listed?.Image ?? inspected.Config.Image, status: listed?.Status ?? '' });
}

const wanted = { start: true, stop: false, restart: true } as const;
const readBackTries = 10;

function operate(ports: ObservedPorts, verb: keyof typeof wanted, summary: string): Route {
  const { engine } = ports;
  return route({
    method: 'post',
    path: `/containers/:container/${verb}`,
    access: 'container:operate',
    summary,
    params,
    answer: containerDetail,
    act: { action: `container:${verb}`, subject: ({ container: one }) => `container/${one.slice(0, 12)}` },
    async handle({ params: { container: one }, record }) {
      const before = told(await engine.containers.inspect(one));
      record({ name: before.Name.replace(/^\//, ''), image: before.Config.Image });
      const kept = keptByOthers(before);
      if (kept !== undefined) throw new UserError(409, 'kept-by-others', kept);
      told(await engine.containers[verb](one));
      const after = await readBack(ports, before, verb);
      record({ state: after.State.Status });
      return detailOf(engine, one);
    },
  });
}

/** What was asked for is seen, or it is not claimed. A restarted one has begun anew. */
async function readBack(
  { engine, sleep }: ObservedPorts,
  before: Container,
  verb: keyof typeof wanted,
): Promise<Container> {
  let last = before;
  for (let tries = 0; tries < readBackTries; tries++) {
    last = told(await engine.containers.inspect(before.Id));
    const anew = verb !== 'restart' || last.State.StartedAt !== before.State.StartedAt;
    if (last.State.Running === wanted[verb] && anew) return last;
    await sleep(0.2);
  }
  const { Status, ExitCode } = last.State;
  throw new UserError(
    502,
    'not-reached',
    `The engine took the call, but the container is ${Status} (exit code ${ExitCode}).`,
  );
}

async function diagnosisOf(
  { engine, events }: ObservedPorts,
  { environment, deployment }: z.infer<typeof ofDeployment>,
) {
  const services = await servicesOf(engine, environment, deployment);
  const tasks = told(await engine.tasks.list({ service: services.map(({ Spec }) => Spec.Name) }));
  const nodes = await engine.nodes.list();
  const ids = tasks.flatMap(({ Status }) => Status.ContainerStatus?.ContainerID || []);
  const containers = new Map<string, Container>();
  // Those that are not here are on another node, or gone: both are told as unknown.
  for (const one of ids.slice(0, inspectedMax)) {
    const inspected = await engine.containers.inspect(one);
    if (inspected.ok) containers.set(one, inspected.value);
  }
  return diagnose({
    ...{ services, tasks, nodes: nodes.ok ? nodes.value : [], containers },
    ranOutOfMemory: (one, started) => events.ranOutOfMemory(one, started),
  });
}
