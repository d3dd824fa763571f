// The control plane: console, API and audit on one port, its own figures on another.
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { apiRoot } from '../../core/contracts/api.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { ConfigError, readConfig } from '../../core/runtime/config.ts';
import { exposition, listen, plain } from '../../core/runtime/http.ts';
import { createLog, type Log } from '../../core/runtime/log.ts';
import { createOwnProcess } from '../../core/runtime/own-process.ts';
import { createPrometheus } from '../../core/runtime/prometheus.ts';
import { configuredAnchors } from './audit/anchors.ts';
import { settings, settingsPrefix } from './config.ts';
import { type ControlPlane, type Neighbours, openControlPlane } from './control-plane.ts';
import { createBrokerEngine } from './engine/broker-engine.ts';
import type { IngressSettings } from './ingress/container-spec.ts';
import { isLoopback, listenForPeople } from './listen.ts';
import type { Hub } from './live/hub.ts';
import { HttpMetrics } from './metrics.ts';
import type { NotificationOptions } from './notifications/open.ts';
import { keepCertificate, publishCertificate, readCertificate } from './tls/certificate.ts';
import { version } from './version.ts';
import { readRunbooks } from './watch/runbook-files.ts';

const config = readSettings();
const recordsPerCheckpoint = 1_000;

function readSettings() {
  try {
    return readConfig(settings, process.env, settingsPrefix);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(1);
  }
}

async function main(): Promise<void> {
  const log = createLog('control-plane', config.logLevel);
  const metrics = new HttpMetrics();
  const tls = !isLoopback(config.host);
  const certificate = tls ? certificateFor() : undefined;
  if (certificate !== undefined) publishCertificate(join(config.dataFolder, 'run/certificate'), certificate);
  const anchors = configuredAnchors(config);
  const consoleFolder = resolve(config.consoleFolder);
  const plane = await openControlPlane({
    ...{ log, tls, version, anchors, clock: systemClock },
    dataFolder: config.dataFolder,
    callsPerMinute: config.callsPerMinute,
    consoleFolder: existsSync(join(consoleFolder, 'index.html')) ? consoleFolder : undefined,
    runbooks: readRunbooks(resolve('alerts/runbooks')),
    auditOrigin: config.auditOrigin,
    neighbours: neighbours(),
    engine: createBrokerEngine(
      config.brokerSocket === '' ? join(resolve(config.dataFolder), 'run/broker/write.sock') : config.brokerSocket,
    ),
    ingress: ingressSettings(),
    notifications: notificationOptions(),
    onAnswer: (route, status, seconds) => metrics.count(route, status, seconds),
  });
  const serving = await listenForPeople(plane.app, config, certificate);
  const hub = plane.openHub(serving.server);
  const figures = await listenForScrapes(plane, metrics, hub, anchors, log);
  const stopping = new AbortController();
  announce(plane, serving.port, certificate?.fingerprint, log);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await hub.close();
    await serving.close();
    await figures.close();
    await plane.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  await Promise.all([
    anchorAsItGrows(plane, stopping.signal, log),
    purgeHourly(plane, stopping.signal, log),
    plane.notifications.run(stopping.signal),
    plane.orchestration.run(stopping.signal),
  ]);
}

function neighbours(): Neighbours {
  const limits = { fetch, timeoutSeconds: 10, answerBytesMax: 16 * 2 ** 20 };
  return {
    prometheus: createPrometheus({ ...limits, baseUrl: config.prometheusUrl }),
    alertmanager: config.alertmanagerUrl,
    grafana: config.grafanaUrl,
    collector: config.collectorUrl,
    detectors: {
      gpu: config.gpuDetectorUrl,
      container: config.containerDetectorUrl,
      process: config.processDetectorUrl,
      disk: config.diskDetectorUrl,
    },
    http: limits,
  };
}

/** Folders and sockets have one owner: this process, as which HAProxy runs, too. */
function notificationOptions(): NotificationOptions {
  const { alertmanagerConfig, amtool, inboxUrl, inboxTokenFile, inboxCaFile } = config;
  const inData = (path: string) => resolve(config.dataFolder, path);
  return {
    configFile: alertmanagerConfig === '' ? inData('config/alertmanager.yml') : alertmanagerConfig,
    amtool,
    inbox: {
      url: `${inboxUrl}${apiRoot}/inbox`,
      tokenFile: inboxTokenFile === '' ? inData('run/alertmanager.token') : inboxTokenFile,
      caFile: inboxCaFile,
    },
  };
}

function ingressSettings(): IngressSettings {
  const [configuration, sockets] = config.ingressVolumes;
  if (config.ingressVolumes.length !== 0 && config.ingressVolumes.length !== 2)
    throw new Error('WEB_INGRESS_VOLUMES names two volumes, or none.');
  const data = existsSync(config.dataFolder) ? realpathSync(config.dataFolder) : resolve(config.dataFolder);
  return {
    image: config.haproxyImage,
    ports: { http: config.ingressHttpPort, https: config.ingressHttpsPort },
    metricsPort: config.ingressMetricsPort === 0 ? undefined : config.ingressMetricsPort,
    mounts:
      configuration !== undefined && sockets !== undefined
        ? { kind: 'volume', configuration, sockets }
        : { kind: 'bind', configuration: join(data, 'haproxy'), sockets: join(data, 'run/haproxy') },
    networks: config.ingressNetworks,
    user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
  };
}

function certificateFor() {
  if ((config.tlsCertificate === '') !== (config.tlsKey === ''))
    throw new Error('Set both WEB_TLS_CERTIFICATE and WEB_TLS_KEY, or neither.');
  if (config.tlsCertificate !== '') return readCertificate(config.tlsCertificate, config.tlsKey);
  return keepCertificate(join(config.dataFolder, 'tls'), config.tlsNames, systemClock.unixSeconds());
}

function listenForScrapes(
  plane: ControlPlane,
  metrics: HttpMetrics,
  hub: Hub,
  anchors: readonly { target: string }[],
  log: Log,
) {
  const health = () => {
    const writable = plane.audit.unavailable() === undefined;
    return {
      writable,
      records: writable ? plane.audit.size : undefined,
      anchored: writable ? anchors.map(({ target }) => ({ target, size: plane.audit.store.anchoredTo(target) })) : [],
    };
  };
  const ownProcess = createOwnProcess();
  return listen({
    host: config.metricsHost,
    port: config.metricsPort,
    routes: {
      '/metrics': () =>
        exposition(
          [
            metrics.render(health(), hub.figures()),
            plane.ingress.render(),
            plane.orchestration.render(),
            plane.notifications.figures(),
            ownProcess(),
          ].join(''),
        ),
      '/healthz': () => plain(200, 'alive\n'),
      '/ready': () =>
        plane.audit.unavailable() === undefined
          ? plain(200, 'ready\n')
          : plain(503, 'The audit log cannot be written; the log of this process says why.\n'),
    },
    onError: (path, error) => log.error({ path, err: error }, 'a request failed'),
  });
}

/** The set-up token goes to standard error as plain text: a person has to read it, and it is worth nothing after its use. */
function announce(plane: ControlPlane, port: number, fingerprint: string | undefined, log: Log): void {
  const address = `${fingerprint === undefined ? 'http' : 'https'}://${config.host}:${port}/`;
  log.info({ address, fingerprint }, 'listening');
  const token = plane.people.offerSetup();
  if (token === undefined) return;
  const lines = [`Set-up token (once, within a day): ${token}`, `Open ${address}setup`];
  if (fingerprint !== undefined) lines.push(`Certificate SHA-256: ${fingerprint}`);
  process.stderr.write(`\n${lines.join('\n')}\n\n`);
}

/** A checkpoint every so many records or minutes, whichever comes first; on a full disk it is tried again until it is written. */
async function anchorAsItGrows(plane: ControlPlane, signal: AbortSignal, log: Log): Promise<void> {
  let size = 0;
  let last = systemClock.monotonicSeconds();
  while (!signal.aborted) {
    await systemClock.sleep(5, signal);
    if (signal.aborted || plane.audit.unavailable() !== undefined) continue;
    const now = systemClock.monotonicSeconds();
    if (plane.audit.size - size < recordsPerCheckpoint && now - last < config.checkpointSeconds) continue;
    try {
      await plane.anchor();
      size = plane.audit.size;
      last = now;
    } catch (error) {
      log.error({ err: error }, 'no checkpoint could be signed; it is tried again');
    }
  }
}

async function purgeHourly(plane: ControlPlane, signal: AbortSignal, log: Log): Promise<void> {
  while (!signal.aborted) {
    try {
      log.info({ gone: plane.purge() }, 'what is kept no longer was deleted');
    } catch (error) {
      log.error({ err: error }, 'what is kept no longer could not be deleted; it is tried again in an hour');
    }
    await systemClock.sleep(3_600, signal);
  }
}

try {
  await main();
} catch (error) {
  // What can go wrong at the start is told in a sentence; its cause is for whoever looks closer.
  process.stderr.write(`The control plane cannot start: ${(error as Error).message}\n`);
  if (config.logLevel === 'debug') process.stderr.write(`${(error as Error).stack}\n`);
  process.exit(1);
}
