// The broker: the only holder of the Docker socket. Its two sockets take listed calls; 9402 answers health and metrics.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renderExposition } from '../../core/lib/promtext.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { ConfigError, readConfig } from '../../core/runtime/config.ts';
import { exposition, listen, plain } from '../../core/runtime/http.ts';
import { createLog } from '../../core/runtime/log.ts';
import { createOwnProcess } from '../../core/runtime/own-process.ts';
import { startBroker } from './broker.ts';
import { settings, settingsPrefix } from './config.ts';
import { ownContainerId } from './own-container.ts';
import { metrics } from './tally.ts';

/** Nothing that this process makes is open to others. */
process.umask(0o027);

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : `The broker cannot start: ${(error as Error).message}`}\n`,
  );
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(settings, process.env, settingsPrefix);
  const log = createLog('broker', config.logLevel);
  const { binds, volumes, networks, publishedPorts } = config;
  const folder = resolve(config.dataFolder, 'run/broker');
  const readSocket = config.readSocket ?? join(folder, 'read.sock');
  const writeSocket = config.writeSocket ?? join(folder, 'write.sock');
  const broker = await startBroker({
    dockerSocket: config.dockerSocket,
    readSocket,
    readGroup: config.readGroup,
    writeSocket,
    dataFolder: config.dataFolder,
    policy: { binds, volumes, networks, publishedPorts, brokerId: findOwnContainer() },
    clock: systemClock,
    log,
  });
  const ownProcess = createOwnProcess();
  const listener = await listen({
    host: config.host,
    port: config.port,
    routes: {
      '/healthz': () => plain(200, 'alive\n'),
      '/ready': () => (broker.ready() ? plain(200, 'ready\n') : plain(503, 'The engine has not answered yet.\n')),
      '/metrics': () => exposition(renderExposition(metrics, broker.samples()) + ownProcess()),
    },
    onError: (path, error) => log.error({ path, error: (error as Error).message }, 'failed'),
  });
  log.info({ readSocket, writeSocket, port: listener.port }, 'listening');
  const stop = (): void => {
    void Promise.all([broker.close(), listener.close()]).then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function findOwnContainer(): string | undefined {
  try {
    return ownContainerId(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return undefined; // no Linux, so the broker runs in no container
  }
}
