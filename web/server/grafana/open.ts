// Puts the slice together: the door to Grafana and the routes that keep its dashboards.
import type { RequestHandler } from 'express';
import { grafanaRoot } from '../../../core/contracts/grafana.ts';
import type { Clock } from '../../../core/runtime/clock.ts';
import { randomId, sha256 } from '../crypto.ts';
import { dataFiles } from '../data-files.ts';
import type { Route } from '../http/route.ts';
import type { ServePorts } from '../http/serve.ts';
import type { FetchPorts } from '../watch/fetch-json.ts';
import { grafanaProxy, proxyLimits } from './proxy.ts';
import { grafanaRoutes } from './routes.ts';

export interface GrafanaOptions {
  dataFolder: string;
  clock: Clock;
  /** Grafana's own address, empty where there is none; `http` says how its API is asked. */
  neighbours: { grafana: string; http: FetchPorts };
}

export interface OpenGrafana {
  routes: Route[];
  mount(ports: ServePorts): { path: string; handler: RequestHandler };
}

export function openGrafana({ dataFolder, clock, neighbours: { grafana, http } }: GrafanaOptions): OpenGrafana {
  const exportFolder = dataFiles(dataFolder).dashboards;
  const { unixSeconds } = clock;
  return {
    routes: grafanaRoutes({ grafanaUrl: grafana, http, exportFolder, sha256, randomId, unixSeconds }),
    mount: (ports) => ({ path: grafanaRoot, handler: grafanaProxy(ports, { ...proxyLimits, grafanaUrl: grafana }) }),
  };
}
