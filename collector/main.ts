// The collector: reads the machine it runs on and answers scrapes on one port.
import { renderExposition } from '../core/lib/promtext.ts';
import { systemClock } from '../core/runtime/clock.ts';
import { ConfigError, readConfig } from '../core/runtime/config.ts';
import { exposition, type Handler, listen, plain } from '../core/runtime/http.ts';
import { createLog, type Log } from '../core/runtime/log.ts';
import { chooseSources } from './choose.ts';
import { type Collector, createCollector } from './collect.ts';
import { settings, settingsPrefix } from './config.ts';
import { createRoutes, pause } from './live/routes.ts';
import { createViewer } from './live/viewer.ts';
import { createMachine } from './machine.ts';
import { createKnown, createSources } from './sources/index.ts';
import { readOrCreateToken } from './token.ts';

// A hung mount keeps a thread of the pool for as long as it hangs; with libuv's four, DNS and all other mounts would wait behind it.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

async function main(): Promise<void> {
  const config = readConfig(settings, process.env, settingsPrefix);
  const log = createLog('collector', config.logLevel);
  const machine = createMachine({ ...config, clock: systemClock });
  const known = createKnown(pause);
  const sources = chooseSources(createSources(config, known), config);
  const collector = createCollector(sources, { machine, clock: systemClock, onChange: tell(log) });
  const viewer = createViewer({
    machine,
    engine: known.containers.engine,
    gpus: known.gpus.reading,
    sleep: systemClock.sleep,
    onError: (error) => log.warn({ err: error }, 'the live values cannot be read'),
  });
  const stopping = new AbortController();
  let ready = false;

  const listener = await listen({
    host: config.host,
    port: config.port,
    routes: {
      '/metrics': metricsRoute(collector),
      '/healthz': () => plain(200, 'alive\n'),
      '/ready': () => (ready ? plain(200, 'ready\n') : plain(503, 'The first read of all sources is under way.\n')),
      ...createRoutes(readOrCreateToken(config.dataFolder), machine, { snapshots: known.snapshots, viewer }),
    },
    onError: (path, error) => log.error({ path, err: error }, 'a request failed'),
  });
  log.info({ host: config.host, port: listener.port, sources: sources.map((source) => source.name) }, 'listening');

  const stop = (): void => {
    stopping.abort();
    void listener.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  await collector.start(stopping.signal);
  await collector.scrape();
  ready = true;
  log.info('ready');
}

/** `collect[]=NAME`, once or often, narrows the answer to those sources, as node_exporter's does. */
function metricsRoute(collector: Collector): Handler {
  return async (query) => {
    const asked = query.getAll('collect[]');
    const unknown = asked.filter((name) => !collector.names.has(name));
    if (unknown.length > 0) return plain(400, `No source is called ${unknown.join(', ')}, or it is switched off.\n`);
    const { metrics, samples, rendered } = await collector.scrape(asked.length > 0 ? new Set(asked) : undefined);
    return exposition(renderExposition(metrics, samples) + rendered.join(''));
  };
}

function tell(log: Log): (source: string, problem: string | undefined) => void {
  return (source, problem) => {
    if (problem === undefined) log.info({ source }, 'the source works again');
    else log.warn({ source, problem }, 'the source fails');
  };
}

try {
  await main();
} catch (error) {
  const told = error instanceof ConfigError || (error instanceof Error && /^(No source|Port) /.test(error.message));
  process.stderr.write(`${told ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1); // background reads would keep a process that serves nothing
}
