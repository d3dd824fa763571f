// Whether routes can be: every name that reaches a file of HAProxy's is checked here, and no two routes want the same thing.
import { ownNames } from '../../../core/contracts/broker.ts';
import { type IngressRoute, type RoutedRevision, shareMax } from './port.ts';

export const deploymentName = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
export const revisionName = /^r[0-9]{1,6}$/;
const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** What a path needs and nothing that a configuration file would read otherwise: no space, quote, hash, dollar or backslash. */
const healthPath = /^\/[A-Za-z0-9._~/?=&%:@+,;-]{0,255}$/;

const routesMax = 500;
const hostsMax = 50;
const revisionsMax = 20;
/** A backend has so many places for servers, each with a check a second. */
const replicasMax = 250;

/** A sentence on what is wrong with them, or undefined. */
export function refuseRoutes(routes: readonly IngressRoute[]): string | undefined {
  if (routes.length > routesMax) return `There are more than ${routesMax} deployments.`;
  for (const route of routes) {
    const problem = refuseRoute(route);
    if (problem !== undefined) return problem;
  }
  const twice = repeated(routes.map(({ deployment }) => deployment));
  if (twice !== undefined) return `Two deployments are called ${twice}.`;
  const host = repeated(routes.flatMap(({ hosts }) => hosts));
  if (host === undefined) return undefined;
  const owners = routes.filter(({ hosts }) => hosts.includes(host)).map(({ deployment }) => deployment);
  return `The host ${host} is claimed twice, by ${[...new Set(owners)].join(' and ')}.`;
}

function refuseRoute(route: IngressRoute): string | undefined {
  const { deployment, hosts, port, revisions } = route;
  if (!deploymentName.test(deployment)) return `${quote(deployment)} is no name for a deployment: a-z, 0-9 and - are.`;
  if (!ownNames.network.test(route.network)) return `${quote(route.network)} is no network of an environment.`;
  const bad = hosts.find((host) => !hostName.test(host));
  if (bad !== undefined) return `${quote(bad)} is no host name in lower case without a port.`;
  if (hosts.length > hostsMax) return `${deployment} has more than ${hostsMax} hosts.`;
  const place = [{ port, healthPath: route.healthPath }, ...revisions.flatMap(({ listens }) => listens ?? [])]
    .map((listens) => refuseListening(deployment, listens))
    .find((problem) => problem !== undefined);
  if (place !== undefined) return place;
  if (revisions.length > revisionsMax) return `${deployment} has more than ${revisionsMax} revisions at once.`;
  const revision = revisions.map((one) => refuseRevision(deployment, one)).find((problem) => problem !== undefined);
  return revision ?? refusePointing(route);
}

function refuseListening(deployment: string, listens: NonNullable<RoutedRevision['listens']>): string | undefined {
  if (!isWhole(listens.port, 1, 65_535)) return `${deployment} has no port from 1 to 65535.`;
  if (listens.healthPath !== undefined && !healthPath.test(listens.healthPath))
    return `${quote(listens.healthPath)} is no path for a health check.`;
  return undefined;
}

function refuseRevision(deployment: string, { revision, service, replicasMax: most }: RoutedRevision) {
  if (!revisionName.test(revision)) return `${quote(revision)} of ${deployment} is no revision, such as r12.`;
  if (!ownNames.service.test(service)) return `${quote(service)} of ${deployment} is no service of a deployment.`;
  if (!isWhole(most, 1, replicasMax)) return `${deployment} ${revision} may have from 1 to ${replicasMax} replicas.`;
  return undefined;
}

function refusePointing({ deployment, revisions, stable, canary }: IngressRoute): string | undefined {
  const names = revisions.map(({ revision }) => revision);
  const twice = repeated(names);
  if (twice !== undefined) return `${deployment} lists ${twice} twice.`;
  const absent = [stable, canary?.revision].find((name) => name !== undefined && !names.includes(name));
  if (absent !== undefined) return `${deployment} points to ${quote(absent)}, which is not among its revisions.`;
  if (canary === undefined) return undefined;
  if (canary.revision === stable) return `${deployment} has ${stable} as its stable revision and as its canary.`;
  return refuseShare(canary.share) && `${deployment}: ${refuseShare(canary.share)}`;
}

export function refuseShare(share: number): string | undefined {
  return isWhole(share, 0, shareMax) ? undefined : `a share is a whole number from 0 to ${shareMax}.`;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
