// What the Docker engine's own words mean as a fact, however it was asked.
import type { DockerFact, PoolFact } from './facts.ts';
import { isRefused } from './host-routes.ts';

/** Parts of the engine's answers to /version, /info and /swarm; undefined where it gave none. */
export interface EngineWords {
  version: { Version?: unknown };
  info: { LoggingDriver?: unknown; Swarm?: unknown } | undefined;
  swarm: { DefaultAddrPool?: unknown } | undefined;
  logsRotate: boolean | undefined;
  /** The text of /proc/net/route on the engine's host. */
  routes: string | undefined;
}

export function engineFact({ version, info, swarm, logsRotate, routes }: EngineWords): DockerFact {
  return {
    kind: 'engine',
    version: typeof version.Version === 'string' ? version.Version : '?',
    logDriver: typeof info?.LoggingDriver === 'string' ? info.LoggingDriver : undefined,
    logsRotate,
    pools: poolsOf(info, swarm, routes),
  };
}

/** Only a manager tells the swarm's pools. */
export function isManager(info: EngineWords['info']): boolean {
  const { LocalNodeState, ControlAvailable } = (info?.Swarm ?? {}) as Record<string, unknown>;
  return LocalNodeState === 'active' && ControlAvailable === true;
}

function poolsOf(
  info: EngineWords['info'],
  swarm: EngineWords['swarm'],
  routes: string | undefined,
): PoolFact[] | undefined {
  const { LocalNodeState } = (info?.Swarm ?? {}) as Record<string, unknown>;
  if (LocalNodeState === undefined) return undefined;
  if (LocalNodeState !== 'active') return [];
  const pools = swarm?.DefaultAddrPool;
  if (!Array.isArray(pools)) return undefined;
  return pools.map((pool) => ({
    pool: String(pool),
    refused: routes === undefined ? undefined : isRefused(routes, String(pool)),
  }));
}
