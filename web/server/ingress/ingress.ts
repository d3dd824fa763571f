// The ingress as one thing: files first, then HAProxy, then what it says; one change after another.
import { backendsOf, logSessionsOf, parseInfo, parseStat, requestsOf } from './answers.ts';
import { deploymentName, refuseRoutes, refuseShare, revisionName } from './check-routes.ts';
import { backendOf, type MapName, mapNames, mapPath, type Places } from './configuration.ts';
import type { IngressContainer } from './container.ts';
import type { Figures } from './figures.ts';
import type { IngressFiles } from './files.ts';
import type { IngressImage } from './image.ts';
import {
  changeOf,
  changesOf,
  type MapTexts,
  parseMap,
  parseShownMap,
  pointingOf,
  pointingsOf,
  renderMap,
  sameMaps,
} from './maps.ts';
import type { Applied, BackendReading, IngressPort, IngressReading, IngressRoute, Pointed } from './port.ts';
import type { HaproxySockets } from './sockets.ts';
import { wantedFiles } from './wanted-files.ts';

export interface IngressPorts {
  files: IngressFiles;
  sockets: HaproxySockets;
  container: IngressContainer;
  image: Pick<IngressImage, 'ensure' | 'said'>;
  figures: Figures;
  places: Places;
  /** How many of HAProxy's workers send their request log. */
  logConnections(): number;
  /** Told after each change whether HAProxy is one of the things that run here; must not throw. */
  onRunning(running: boolean): void;
  markOf(text: string): string;
  monotonicSeconds(): number;
  sleep(seconds: number): Promise<void>;
}

type Serving = Extract<IngressReading, { kind: 'serving' }>;

/** Changes that wait for one another; beyond these the caller is told to try again. */
const waitingMax = 100;
/** From a container's start, or a reload, to the answer of its worker. */
const answerSeconds = 15;
const pollSeconds = 0.05;
const stateFile = 'servers.state';

export class Ingress implements IngressPort {
  readonly prepare: IngressPort['prepare'] = (tell, signal) => this.ports.image.ensure(tell, signal);
  private readonly ports: IngressPorts;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private applied: readonly IngressRoute[] = [];
  /** What HAProxy was last brought to by this process; undefined until then. */
  private reached: { description: string; certificates: string } | undefined;
  /** What it said when it was asked last, and when. */
  seen: { reading: IngressReading; atSeconds: number } | undefined;

  constructor(ports: IngressPorts) {
    this.ports = ports;
  }

  /** What was applied last; empty until then. */
  get routes(): readonly IngressRoute[] {
    return this.applied;
  }

  async apply(routes: readonly IngressRoute[]): Promise<Applied> {
    const applied = await this.inTurn(() => this.applyNow(routes));
    if (applied.kind === 'applied' || applied.kind === 'idle') this.ports.onRunning(applied.kind === 'applied');
    if (applied.kind === 'failed') await this.read();
    return applied;
  }

  setStable(deployment: string, revision: string): Promise<Pointed> {
    return this.inTurn(() => this.point('stable', deployment, revision));
  }

  setCanary(deployment: string, revision: string | undefined): Promise<Pointed> {
    return this.inTurn(() => this.point('canary', deployment, revision));
  }

  setWeight(deployment: string, share: number): Promise<Pointed> {
    const problem = refuseShare(share);
    if (problem !== undefined) return Promise.resolve({ kind: 'failed', reason: `${deployment}: ${problem}` });
    return this.inTurn(() => this.point('weights', deployment, String(share)));
  }

  async read(): Promise<IngressReading> {
    const reading = await this.readServing().catch(
      (error: Error): IngressReading => ({
        kind: 'down',
        reason: this.ports.image.said() ?? `HAProxy does not answer: ${error.message}`,
      }),
    );
    this.seen = { reading, atSeconds: this.ports.monotonicSeconds() };
    return reading;
  }

  async untilUp(deployment: string, revision: string, servers: number, timeoutSeconds: number) {
    const { monotonicSeconds, sleep } = this.ports;
    const end = monotonicSeconds() + timeoutSeconds;
    for (;;) {
      const found = await this.backend(deployment, revision).catch(() => undefined);
      if (found !== undefined && found.serversUp >= servers) return found;
      if (monotonicSeconds() >= end) return undefined;
      await sleep(pollSeconds);
    }
  }

  figures() {
    return this.ports.figures.all((deployment, revision) => this.environmentOf(deployment, revision));
  }

  environmentOf(deployment: string, revision: string): string | undefined {
    const route = this.applied.find((one) => one.deployment === deployment);
    return route?.revisions.some((one) => one.revision === revision) ? route.environment : undefined;
  }

  private async applyNow(routes: readonly IngressRoute[]): Promise<Applied> {
    const refusal = refuseRoutes(routes);
    if (refusal !== undefined) return { kind: 'refused', reason: refusal };
    this.applied = routes;
    this.chooseFigures(routes);
    const { files, container, places, markOf } = this.ports;
    const certificates = files.certificateStamp();
    const wanted = wantedFiles(routes, files.certificates(), places, markOf);
    const before = new Map([...wanted.texts.keys()].map((name) => [name, files.read(name)]));
    for (const [name, text] of wanted.texts) if (before.get(name) !== text) files.write(name, text);
    const networks = routes.map(({ network }) => network);
    const ensured = await container.ensure(networks, routes.length > 0);
    if (ensured.kind === 'none') return { kind: 'idle', reason: 'No deployment needs the ingress yet.' };
    if (ensured.kind === 'failed') return ensured;
    const running = await this.answering(() => true, ensured.fresh ? answerSeconds : 3);
    if (running === undefined) return { kind: 'failed', reason: 'HAProxy runs but does not answer on its socket.' };
    const reloads = running.get('description') !== wanted.description;
    if (reloads) {
      const problem = await this.reload(wanted.description);
      if (problem !== undefined) {
        for (const [name, text] of before) files.write(name, text);
        return { kind: 'failed', reason: problem };
      }
    }
    this.reached = { description: wanted.description, certificates };
    const reading = await this.settle(wanted.maps);
    if (this.ports.logConnections() === 0) await this.reconnectLog();
    if (typeof reading === 'string') return { kind: 'failed', reason: reading };
    await container.leave(networks);
    return { kind: 'applied', reloaded: reloads, reading: { ...reading, current: true } };
  }

  private chooseFigures(routes: readonly IngressRoute[]): void {
    const { figures, monotonicSeconds } = this.ports;
    const now = monotonicSeconds();
    figures.forget((deployment, revision) => this.environmentOf(deployment, revision), now);
    for (const { deployment, stable, canary } of routes)
      for (const revision of [stable, canary?.revision])
        if (revision !== undefined) figures.include(deployment, revision, now);
  }

  /** The state of the servers spares the new worker the wait for its first DNS answers; nothing else may read it later. */
  private async reload(description: string): Promise<string | undefined> {
    const { files, sockets } = this.ports;
    try {
      files.write(stateFile, await sockets.ask('show servers state'));
      const answer = await sockets.reload();
      if (answer.kind === 'refused') return `HAProxy refused its configuration: ${answer.reason}`;
    } catch (error) {
      return `HAProxy could not be reloaded: ${(error as Error).message}`;
    } finally {
      files.write(stateFile, undefined);
    }
    const loaded = await this.answering((info) => info.get('description') === description, answerSeconds);
    return loaded === undefined
      ? 'HAProxy was reloaded, but does not say that it has the new configuration.'
      : undefined;
  }

  /**
   * A worker whose log was cut off, as by our own restart, goes on feeding the dead connection (3.0.11, tried). Its session is ended for
   * it: then it connects anew, and the lines that have waited in the ring arrive.
   */
  private async reconnectLog(): Promise<void> {
    const { sockets } = this.ports;
    for (const session of logSessionsOf(await sockets.ask('show sess all').catch(() => '')))
      await sockets.ask(`shutdown session ${session}`).catch(() => undefined); // the next apply tries again
  }

  private async answering(
    holds: (info: ReadonlyMap<string, string>) => boolean,
    timeoutSeconds: number,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const { sockets, monotonicSeconds, sleep } = this.ports;
    const end = monotonicSeconds() + timeoutSeconds;
    for (;;) {
      const info = await sockets.ask('show info').then(parseInfo, () => undefined);
      if (info !== undefined && holds(info)) return info;
      if (monotonicSeconds() >= end) return undefined;
      await sleep(pollSeconds);
    }
  }

  /** Brings the maps of the running worker to what the files say, and reads it all back. A sentence says what differs. */
  private async settle(wanted: MapTexts): Promise<Serving | string> {
    try {
      for (const command of changesOf(await this.shownMaps(), wanted)) await this.ports.sockets.ask(command);
      const shown = await this.shownMaps();
      if (!sameMaps(shown, wanted)) return 'HAProxy answers otherwise than its maps were written; it is tried again.';
      const reading = await this.read();
      return reading.kind === 'serving' ? reading : reading.reason;
    } catch (error) {
      return `HAProxy does not answer: ${(error as Error).message}`;
    }
  }

  private async point(map: MapName, deployment: string, value: string | undefined): Promise<Pointed> {
    const { files, sockets } = this.ports;
    if (!deploymentName.test(deployment) || (map !== 'weights' && value !== undefined && !revisionName.test(value)))
      return { kind: 'failed', reason: 'That is no deployment with its revision.' };
    try {
      if (map !== 'weights' && value !== undefined && !(await this.hasBackend(deployment, value)))
        return { kind: 'failed', reason: `${deployment} ${value} has no backend yet; apply its routes first.` };
      const entries = parseMap(files.read(`${map}.map`) ?? '');
      if (value === undefined) entries.delete(deployment);
      else entries.set(deployment, value);
      files.write(`${map}.map`, renderMap(entries));
      const only = (from: ReadonlyMap<string, string>) => new Map([...from].filter(([key]) => key === deployment));
      for (const command of changeOf(map, only(await this.shownMap(map)), only(entries))) await sockets.ask(command);
      const shown = await this.shownMaps();
      if (shown[map].get(deployment) !== value)
        return { kind: 'failed', reason: `HAProxy says ${shown[map].get(deployment)} where ${value} was written.` };
      return { kind: 'pointed', pointing: pointingOf(shown, deployment) };
    } catch (error) {
      return { kind: 'failed', reason: `HAProxy was not told: ${(error as Error).message}` };
    }
  }

  private async hasBackend(deployment: string, revision: string): Promise<boolean> {
    return (await this.ports.sockets.ask('show backend')).split('\n').includes(backendOf(deployment, revision));
  }

  private async shownMap(map: MapName): Promise<ReadonlyMap<string, string>> {
    const shown = parseShownMap(await this.ports.sockets.ask(`show map ${mapPath(map)}`));
    if (shown === undefined) throw new Error(`it does not show its map of ${map}`);
    return shown;
  }

  private async shownMaps(): Promise<MapTexts> {
    const [hosts, stable, canary, weights] = await Promise.all(mapNames.map((map) => this.shownMap(map)));
    return { hosts: hosts!, stable: stable!, canary: canary!, weights: weights! };
  }

  private async readServing(): Promise<Serving> {
    const { sockets, files } = this.ports;
    const [info, stat, maps] = await Promise.all([
      sockets.ask('show info').then(parseInfo),
      sockets.ask('show stat').then(parseStat),
      this.shownMaps(),
    ]);
    const description = info.get('description');
    const version = info.get('Version');
    if (version === undefined) throw new Error('it does not say its version');
    return {
      kind: 'serving',
      version,
      current:
        description !== undefined &&
        description === this.reached?.description &&
        files.certificateStamp() === this.reached.certificates &&
        this.ports.logConnections() > 0,
      worker: `${info.get('Pid')}@${info.get('Start_time_sec')}`,
      requestsTotal: requestsOf(stat),
      hosts: maps.hosts,
      pointings: pointingsOf(maps),
      backends: backendsOf(stat),
    };
  }

  private async backend(deployment: string, revision: string): Promise<BackendReading | undefined> {
    const stat = await this.ports.sockets.ask(`show stat ${backendOf(deployment, revision)} 6 -1`);
    return backendsOf(parseStat(stat))[0];
  }

  private async inTurn<T>(change: () => Promise<T>): Promise<T | { kind: 'failed'; reason: string }> {
    if (this.waiting >= waitingMax)
      return { kind: 'failed', reason: 'Too many changes of the ingress are waiting; try again in a moment.' };
    this.waiting += 1;
    const turn = this.last.then(change, change).catch((error: unknown) => ({
      kind: 'failed' as const,
      reason: `The ingress could not be changed: ${(error as Error).message}`,
    }));
    this.last = turn;
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }
}
