// The engine: what it is good for now, and the start of a swarm on it.
import { engineState, swarmBody } from '../../../core/contracts/deployments.ts';
import { type Route, route } from '../http/route.ts';
import type { EnginePort } from './port.ts';
import { readEngine, startSwarm } from './swarm.ts';

export function engineRoutes(engine: EnginePort): Route[] {
  return [
    route({
      method: 'get',
      path: '/engine',
      access: 'watch:read',
      summary: 'Whether the engine is ready for deployments, and what starting a swarm on it would do',
      answer: engineState,
      handle: () => readEngine(engine),
    }),
    route({
      method: 'post',
      path: '/engine/swarm',
      access: 'swarm:manage',
      status: 201,
      summary: 'Start a swarm of one node, as GET /engine has proposed it',
      body: swarmBody,
      answer: engineState,
      act: { action: 'swarm:start', subject: () => 'swarm', detail: ({ pool, address }) => ({ pool, address }) },
      handle: ({ body }) => startSwarm(engine, body),
    }),
  ];
}
