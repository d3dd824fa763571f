// The detectors' process: reads the settings, listens on one port a detector and runs the loop until it is told to stop.
import { join } from 'node:path';
import { systemClock } from '../core/runtime/clock.ts';
import { ConfigError } from '../core/runtime/config.ts';
import { type Listener, listen } from '../core/runtime/http.ts';
import { createLog, type Log } from '../core/runtime/log.ts';
import { createPrometheus } from '../core/runtime/prometheus.ts';
import { type DetectorsConfig, readDetectorsConfig } from './config.ts';
import { detectors, type Listed } from './index.ts';
import { runLoop } from './loop.ts';
import type { Ports } from './ports.ts';
import { createRoutes } from './routes.ts';
import { type DetectorState, openState } from './state.ts';
import { createStore, tidyStore } from './store.ts';
import { createTrainer } from './training/pool.ts';
import { createTrainingQueue } from './training/queue.ts';
import type { Watched } from './watch.ts';

const usage = `usage: node detectors/main.ts [--only ${detectors.map(({ detector }) => detector.name).join('|')}]`;

async function main(): Promise<void> {
  const chosen = choose(process.argv.slice(2));
  const config = readDetectorsConfig(process.env);
  const log = createLog('detectors', config.logLevel);
  const watched = chosen.map(({ detector }): Watched => ({ state: openState(detector), library: new Map() }));
  const listeners = await Promise.all(chosen.map((listed, index) => open(listed, watched[index]!.state, config, log)));
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => stop.abort());
  const ports = await connect(config, log);
  const queue = createTrainingQueue(watched, [], ports, config, stop.signal);
  await runLoop(watched, queue, ports, config, stop.signal);
  await Promise.all(listeners.map((listener) => listener.close()));
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
    trainer: createTrainer({ jobSecondsMax: 600, heapMegabytesMax: 96 }),
    log,
  };
}

function choose(argv: readonly string[]): readonly Listed[] {
  if (argv.length === 0) return detectors;
  const chosen = detectors.filter(({ detector }) => argv[0] === '--only' && argv[1] === detector.name);
  if (chosen.length === 0 || argv.length !== 2) throw new ConfigError([usage]);
  return chosen;
}

async function open(
  { detector, port }: Listed,
  state: DetectorState,
  config: DetectorsConfig,
  log: Log,
): Promise<Listener> {
  const listener = await listen({
    host: config.host,
    port: config[port],
    routes: createRoutes(state, config, systemClock),
    onError: (path, error) => log.error({ err: error, detector: detector.name, path }, 'a page failed'),
  });
  log.info({ detector: detector.name, host: config.host, port: listener.port }, 'listening');
  return listener;
}

try {
  await main();
} catch (error) {
  const known = error instanceof ConfigError || (error instanceof Error && /is in use/.test(error.message));
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
