// Puts the ingress together: its folders, the receiver of its request log, HAProxy's sockets and its container.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderExposition } from '../../../core/lib/promtext.ts';
import type { Clock } from '../../../core/runtime/clock.ts';
import type { Log } from '../../../core/runtime/log.ts';
import { sha256 } from '../crypto.ts';
import type { Route } from '../http/route.ts';
import type { CertificateFile } from './certificates.ts';
import { containerPlaces } from './configuration.ts';
import { type IngressContainer, type IngressEngine, ingressContainer } from './container.ts';
import { type IngressSettings, metricsAddress } from './container-spec.ts';
import { createFigures } from './figures.ts';
import { type IngressFiles, ingressFiles } from './files.ts';
import { fetching, type ImagePorts, ingressImage } from './image.ts';
import { Ingress } from './ingress.ts';
import type { IngressPort, IngressReading } from './port.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { ingressRoutes } from './routes.ts';
import { ingressMetrics, ingressSamples } from './samples.ts';
import { haproxySockets } from './sockets.ts';

export interface IngressOptions extends Pick<ImagePorts, 'audit' | 'credentials'> {
  dataFolder: string;
  engine: IngressEngine & ImagePorts['engine'];
  settings: IngressSettings;
  clock: Clock;
  log: Log;
}

export interface OpenIngress {
  /** For deployments: nothing happens until they apply their routes. */
  port: IngressPort;
  routes: Route[];
  /** Its metrics as an exposition of their own. */
  render(): string;
  /** Why nothing can be served, or undefined. */
  problem: string | undefined;
  close(): Promise<void>;
}

/** The kernel's bound of a unix socket's path, without the final NUL. */
const socketPathBytesMax = 107;

/** Never rejects for want of an engine or an image: what is missing is told by `apply`. */
export async function openIngress(options: IngressOptions): Promise<OpenIngress> {
  const { dataFolder, engine, settings, clock, log, audit, credentials } = options;
  const run = join(dataFolder, 'run/haproxy');
  const { monotonicSeconds } = clock;
  const figures = createFigures();
  const files = ingressFiles(join(dataFolder, 'haproxy'));
  const sleep = (seconds: number) => clock.sleep(seconds);
  const started = await receive({ socketPath: join(run, 'requests.sock'), figures, monotonicSeconds });
  const problem = typeof started === 'string' ? started : makeFolder(files);
  const receiver = typeof started === 'string' ? undefined : started;
  const image = ingressImage({ engine, audit, credentials, monotonicSeconds, image: settings.image });
  const ingress = new Ingress({
    image,
    ...{ files, figures, monotonicSeconds, sleep, markOf, places: containerPlaces },
    sockets: haproxySockets(run, sleep),
    logConnections: () => receiver?.connections() ?? 0,
    onRunning(running) {
      try {
        listTarget(join(dataFolder, 'config/targets/ingress.json'), running ? metricsAddress(settings) : undefined);
      } catch (error) {
        log.warn({ err: error }, 'Prometheus could not be told where HAProxy has its figures');
      }
    },
    container:
      problem === undefined ? fetching(ingressContainer(engine, settings, markOf), image) : unavailable(problem),
  });
  const certificates = keepCertificates(files);
  const lines = () => receiver?.lines() ?? { counted: 0, unrouted: 0, malformed: 0 };
  return {
    port: ingress,
    problem,
    routes: ingressRoutes({
      certificates: files.certificates,
      facts: async () => ({
        ...{ routes: ingress.routes, reading: await ingress.read(), ports: settings.ports, lines: lines() },
        recent: (deployment, revision) => figures.recent(deployment, revision, monotonicSeconds()),
      }),
    }),
    render: () =>
      renderExposition(
        ingressMetrics,
        ingressSamples({
          ...{ figures: ingress.figures(), lines: lines(), routes: ingress.routes, certificates: certificates() },
          reading: freshOf(ingress.seen, monotonicSeconds()),
        }),
      ),
    async close() {
      await image.close();
      await receiver?.close();
    },
  };
}

async function receive(options: Parameters<typeof startReceiver>[0]): Promise<Receiver | string> {
  const bytes = Buffer.byteLength(options.socketPath);
  if (bytes > socketPathBytesMax)
    return `The ingress needs a shorter data folder: ${options.socketPath} has ${bytes} bytes, and a socket's path may have ${socketPathBytesMax}.`;
  try {
    return await startReceiver(options);
  } catch (error) {
    return `The ingress cannot listen at ${options.socketPath}: ${(error as Error).message}`;
  }
}

/** So that people find where certificates go; why not, or undefined. */
function makeFolder(files: IngressFiles): string | undefined {
  try {
    files.certificates();
    return undefined;
  } catch (error) {
    return `The ingress cannot use its folder: ${(error as Error).message}`;
  }
}

/** Four looks of the reconciler: what was read before is not known any more. */
const freshSeconds = 60;

function freshOf(seen: Ingress['seen'], nowSeconds: number): IngressReading | undefined {
  return seen === undefined || nowSeconds - seen.atSeconds > freshSeconds ? undefined : seen.reading;
}

/** Each scrape asks for them: they are opened anew only where a file has changed. */
function keepCertificates(files: IngressFiles): () => readonly CertificateFile[] | undefined {
  let kept: { stamp: string; found: readonly CertificateFile[] } | undefined;
  return () => {
    try {
      const stamp = files.certificateStamp();
      if (kept?.stamp !== stamp) kept = { stamp, found: files.certificates() };
      return kept.found;
    } catch {
      return undefined; // a scrape goes on without them; `apply` says why
    }
  };
}

/** For Prometheus, which looks into the file: what does not run must not be reported as down. */
function listTarget(path: string, address: string | undefined): void {
  const text = `${JSON.stringify(address === undefined ? [] : [{ targets: [address] }])}\n`;
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  writeFileSync(`${path}.new`, text, { mode: 0o640 });
  renameSync(`${path}.new`, path);
}

function unavailable(reason: string): IngressContainer {
  return {
    ensure: (_, needed) => Promise.resolve(needed ? { kind: 'failed', reason } : { kind: 'none' }),
    leave: () => Promise.resolve(),
  };
}

function markOf(text: string): string {
  return Buffer.from(sha256(Buffer.from(text))).toString('hex');
}
