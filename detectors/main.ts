// The detectors' process: reads the settings, listens on one port a detector and runs the loop until it is told to stop.
import { systemClock } from '../core/runtime/clock.ts';
import { ConfigError } from '../core/runtime/config.ts';
import { type Listener, listen } from '../core/runtime/http.ts';
import { createLog, type Log } from '../core/runtime/log.ts';
import { type DetectorsConfig, readDetectorsConfig } from './config.ts';
import { detectors, type Listed } from './index.ts';
import { createRoutes } from './routes.ts';
import { type DetectorState, openState } from './state.ts';

const usage = `usage: node detectors/main.ts [--only ${detectors.map(({ detector }) => detector.name).join('|')}]`;

async function main(): Promise<void> {
  const chosen = choose(process.argv.slice(2));
  const config = readDetectorsConfig(process.env);
  const log = createLog('detectors', config.logLevel);
  const states = new Map(chosen.map((listed) => [listed, openState(listed.detector)]));
  const listeners = await Promise.all([...states].map(([listed, state]) => open(listed, state, config, log)));
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await Promise.all(listeners.map((listener) => listener.close()));
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
