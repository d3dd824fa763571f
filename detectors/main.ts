// The detectors' process: reads the settings, listens on one port a detector and runs the loops until it is told to stop.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../core/runtime/clock.ts';
import { ConfigError } from '../core/runtime/config.ts';
import { type Listener, listen } from '../core/runtime/http.ts';
import { createLog, type Log } from '../core/runtime/log.ts';
import { createOwnProcess } from '../core/runtime/own-process.ts';
import { createPrometheus } from '../core/runtime/prometheus.ts';
import { type DetectorsConfig, readDetectorsConfig } from './config.ts';
import { every } from './every.ts';
import { openFeedback, pollFeedback } from './feedback-poll.ts';
import type { FetchPorts } from './fetch-json.ts';
import { detectors, type Listed } from './index.ts';
import { runLoop } from './loop.ts';
import type { Ports } from './ports.ts';
import { askAllowed } from './process/allowed-by-people.ts';
import { readExceptions } from './process/exception-file.ts';
import { openThreats, scanThreats, type ThreatState } from './process/threat-watch.ts';
import { createRoutes, type Extras, type ThreatPage } from './routes.ts';
import { type DetectorState, openState } from './state.ts';
import { createStore, tidyStore } from './store.ts';
import { createTrainer } from './training/pool.ts';
import { createTrainingQueue } from './training/queue.ts';
import type { Watched } from './watch.ts';

const usage = `usage: node detectors/main.ts [--only ${detectors.map(({ detector }) => detector.name).join('|')}]`;
const feedbackSeconds = 60;
/** Collectors give pages of 2 MB. */
const http: FetchPorts = { fetch, timeoutSeconds: 10, answerBytesMax: 4 * 2 ** 20 };

async function main(): Promise<void> {
  const chosen = choose(process.argv.slice(2));
  const config = readDetectorsConfig(process.env);
  const log = createLog('detectors', config.logLevel);
  const watched = chosen.map(({ detector }): Watched => ({ state: openState(detector), library: new Map() }));
  const threats = openThreats();
  const ownProcess = createOwnProcess();
  const opened = chosen.map((listed, index) => {
    const extras = { threats: threatPage(listed, threats, config), ownProcess: index === 0 ? ownProcess : undefined };
    return open(listed, watched[index]!.state, extras, config, log);
  });
  const listeners = await Promise.all(opened);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => stop.abort());
  await run(watched, threats, config, await connect(config, log), stop.signal);
  await Promise.all(listeners.map((listener) => listener.close()));
}

async function run(
  watched: readonly Watched[],
  threats: ThreatState,
  config: DetectorsConfig,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const { clock, prometheus, log } = ports;
  const feedback = openFeedback();
  const queue = createTrainingQueue(watched, feedback.judged, ports, config, signal);
  const loops = [runLoop(watched, queue, ports, config, signal)];
  if (watched.some(({ state }) => state.detector.name === 'process')) {
    const { dataFolder, threatScanSeconds, controlPlaneUrl } = config;
    const people =
      controlPlaneUrl === undefined ? undefined : askAllowed({ ...planeOf(config, controlPlaneUrl, log), ...clock });
    const exceptions = async () => [
      ...((await people?.()) ?? []),
      ...(await readExceptions(join(dataFolder, 'threat-exceptions.json'))),
    ];
    const scan = { prometheus, clock, http, log, token: () => readToken(config, 'collector'), exceptions };
    loops.push(every(threatScanSeconds, clock, signal, () => scanThreats(threats, scan, threatScanSeconds)));
  }
  const { controlPlaneUrl } = config;
  if (controlPlaneUrl !== undefined) {
    const states = watched.map(({ state }) => state);
    const poll = planeOf(config, controlPlaneUrl, log);
    loops.push(every(feedbackSeconds, clock, signal, () => pollFeedback(feedback, states, poll)));
  }
  await Promise.all(loops);
}

function planeOf(config: DetectorsConfig, controlPlaneUrl: string, log: Log) {
  return { controlPlaneUrl, http, log, token: () => readToken(config, 'detectors') };
}

async function connect(config: DetectorsConfig, log: Log): Promise<Ports> {
  const models = join(config.dataFolder, 'models');
  await tidyStore(models, systemClock.unixSeconds());
  return {
    prometheus: createPrometheus({
      baseUrl: config.prometheusUrl,
      fetch,
      timeoutSeconds: config.prometheusTimeoutSeconds,
      answerBytesMax: 32 * 2 ** 20,
    }),
    clock: systemClock,
    random: Math.random,
    store: createStore(models),
    trainer: createTrainer({ jobSecondsMax: 600, heapMegabytesMax: 48 }),
    log,
  };
}

function choose(argv: readonly string[]): readonly Listed[] {
  if (argv.length === 0) return detectors;
  const chosen = detectors.filter(({ detector }) => argv[0] === '--only' && argv[1] === detector.name);
  if (chosen.length === 0 || argv.length !== 2) throw new ConfigError([usage]);
  return chosen;
}

function threatPage({ detector }: Listed, state: ThreatState, config: DetectorsConfig): ThreatPage | undefined {
  if (detector.name !== 'process') return undefined;
  return { state, tokens: () => ['collector', 'detectors'].map((name) => readToken(config, name, '')) };
}

async function open(
  { detector, port }: Listed,
  state: DetectorState,
  extras: Extras,
  config: DetectorsConfig,
  log: Log,
): Promise<Listener> {
  const listener = await listen({
    host: config.host,
    port: config[port],
    routes: createRoutes(state, config, systemClock, extras),
    onError: (path, error) => log.error({ err: error, detector: detector.name, path }, 'a page failed'),
  });
  log.info({ detector: detector.name, host: config.host, port: listener.port }, 'listening');
  return listener;
}

/** Read at every use: its maker may start after us, or make it anew. */
function readToken({ dataFolder }: DetectorsConfig, name: string, missing?: string): string {
  try {
    return readFileSync(join(dataFolder, 'run', `${name}.token`), 'utf8').trim();
  } catch (error) {
    if (missing !== undefined) return missing;
    throw error;
  }
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || (error instanceof Error && /is in use/.test(error.message));
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
