// What people see of the machine: overview, anomalies with their history, processes and threats.
import { z } from 'zod';
import { id } from '../../../core/contracts/api.ts';
import {
  anomalies,
  anomaliesQuery,
  deploymentHistory,
  deploymentHistoryQuery,
  history,
  historyQuery,
  metricHistory,
  metricQuery,
  overview,
  processes,
  processesQuery,
  runbookParams,
  runbookView,
  strips,
  stripsQuery,
  threats,
} from '../../../core/contracts/api-watch.ts';
import { deploymentName } from '../../../core/contracts/deployment-spec.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { type Route, route } from '../http/route.ts';
import { UserError } from '../user-error.ts';
import { findRunbook, type Runbooks } from './alerts.ts';
import { readAnomalies, readHistory } from './anomalies.ts';
import { readDeploymentHistory } from './deployment-history.ts';
import { type MachinePorts, readProcesses, readThreats } from './machine.ts';
import { readMetricHistory } from './metric-history.ts';
import { type Neighbour, sayNoAnswer } from './neighbours.ts';
import { type OverviewPorts, readOverview } from './overview.ts';
import { readStrips } from './strips.ts';

export interface WatchPorts extends OverviewPorts, MachinePorts {
  runbooks: Runbooks;
}

export function watchRoutes(ports: WatchPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/overview',
      access: 'watch:read',
      summary: 'Machines, containers, GPUs, detectors, targets, alerts and our own bill',
      answer: overview,
      handle: () => readOverview(ports),
    }),
    route({
      method: 'get',
      path: '/alerts/:alert/runbook',
      access: 'watch:read',
      summary: 'What to do when this alert fires',
      params: runbookParams,
      answer: runbookView,
      handle: ({ params }) => findRunbook(ports.runbooks, params.alert),
    }),
    route({
      method: 'get',
      path: '/anomalies',
      access: 'watch:read',
      summary: 'What is strange now, rarest first, with reasons',
      query: anomaliesQuery,
      answer: anomalies,
      handle: ({ query }) => readAnomalies(ports, query),
    }),
    ...historyRoutes(ports),
    route({
      method: 'get',
      path: '/processes',
      access: 'watch:read',
      summary: 'Processes of the machine, busiest first; command lines are redacted',
      query: processesQuery,
      answer: processes,
      async handle({ query: { limit, cursor, search } }) {
        const after = decodeCursor(cursor, z.int().nonnegative(), 0);
        const { more, ...page } = await relayed('collector', () => readProcesses(ports, { search, after, limit }));
        return { ...page, next: more ? encodeCursor(after + page.items.length) : null };
      },
    }),
    route({
      method: 'get',
      path: '/threats',
      access: 'watch:read',
      summary: 'Processes that look like threats, by machine; a machine without a report is unknown',
      answer: threats,
      handle: () => readThreats(ports),
    }),
  ];
}

/** How it came, as Prometheus keeps it. */
function historyRoutes(ports: WatchPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/anomalies/history',
      access: 'watch:read',
      summary: 'Score, value, expected band, alert and contributions of one series over a time',
      query: historyQuery,
      answer: history,
      handle: ({ query }) => relayed('prometheus', () => readHistory(ports.prometheus, query)),
    }),
    route({
      method: 'get',
      path: '/anomalies/strips',
      access: 'watch:read',
      summary: 'How unusual the most telling things were, minute by minute',
      query: stripsQuery,
      answer: strips,
      handle: ({ query }) => relayed('prometheus', () => readStrips(ports, query)),
    }),
    route({
      method: 'get',
      path: '/metrics/history',
      access: 'watch:read',
      summary: 'Values of one container, GPU or machine over a time, with the bands that were expected',
      query: metricQuery,
      answer: metricHistory,
      handle: ({ query }) => relayed('prometheus', () => readMetricHistory(ports.prometheus, query)),
    }),
    route({
      method: 'get',
      path: '/environments/:environment/deployments/:deployment/history',
      access: 'deployment:read',
      environment: 'environment',
      summary: 'Requests, failures, latency, replicas, processor and memory of a deployment over a time, by revision',
      params: z.strictObject({ environment: id, deployment: deploymentName }),
      query: deploymentHistoryQuery,
      answer: deploymentHistory,
      handle: ({ params, query }) =>
        relayed('prometheus', () => readDeploymentHistory(ports.prometheus, params, query)),
    }),
  ];
}

/** A process beside us that fails is told as such: nothing is wrong with the call. */
export async function relayed<T>(who: Neighbour, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const error = new UserError(
      503,
      'no-answer',
      `${sayNoAnswer(who, cause)} Until it answers, what it knows is unknown.`,
      15,
    );
    error.cause = cause;
    throw error;
  }
}
