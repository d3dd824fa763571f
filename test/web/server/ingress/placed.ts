// What HAProxy's container needs before it can be made on a real engine.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IngressSettings } from '../../../../web/server/ingress/container-spec.ts';
import type { DockerEngine } from '../../../engine/docker-engine.ts';
import { packHaproxyImage } from '../../../engine/haproxy.ts';
import { startTestBroker, type TestBroker } from '../../broker/harness.ts';

/** Free in the engine's own namespace. */
export const ports = { http: 8081, https: 8444, metrics: 8405 };

/** HAProxy's image and folders, and a broker that allows them. */
export async function placeIngress(
  engine: DockerEngine,
  data: string,
): Promise<{ broker: TestBroker; settings: IngressSettings }> {
  const configuration = join(data, 'haproxy');
  const run = join(data, 'run/haproxy');
  mkdirSync(run, { recursive: true });
  mkdirSync(configuration, { recursive: true });
  const { text } = await engine.ask('POST', '/images/create?fromSrc=-&repo=haproxy&tag=3.0', await packHaproxyImage());
  const image = /sha256:[0-9a-f]{64}/.exec(text)?.[0];
  if (image === undefined) throw new Error(`no image of HAProxy: ${text.slice(0, 300)}`);
  const broker = await startTestBroker(engine.socketPath, {
    dataFolder: data,
    policy: {
      binds: [
        { source: configuration, readOnly: true },
        { source: run, readOnly: false },
      ],
      publishedPorts: Object.values(ports),
    },
  });
  const settings: IngressSettings = {
    ...{ image, ports, metricsPort: ports.metrics, networks: [] },
    mounts: { kind: 'bind', configuration, sockets: run },
    user: { uid: process.getuid!(), gid: process.getgid!() },
  };
  return { broker, settings };
}
