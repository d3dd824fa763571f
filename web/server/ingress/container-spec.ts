// The container that HAProxy runs in, as the engine is asked for it: as few rights as it can do its work with.
import type { ContainerCreate } from '../engine/objects.ts';
import { containerPlaces } from './configuration.ts';

export const containerName = 'odyssey-haproxy';

export interface IngressSettings {
  /** A tag, a digest or an id; the container is made from the image that it names at that moment, by id. */
  image: string;
  ports: { http: number; https: number };
  /** Where HAProxy's own figures are published on loopback; undefined: only the networks below reach them. */
  metricsPort: number | undefined;
  /** Folders of the host, or volumes where the control plane runs in a container itself. */
  mounts: { kind: 'bind' | 'volume'; configuration: string; sockets: string };
  /** Networks besides the environments': in compose the one that Prometheus is in. */
  networks: readonly string[];
  /** The control plane's own: files and sockets are for it and HAProxy alone. */
  user: { uid: number; gid: number };
}

/** Measured 27 MB at rest; 8000 connections with TLS on both ends of it stay below. */
const memoryBytes = 512 * 2 ** 20;
const nanoCpus = 2e9;

/**
 * Its first network is the bridge, as only that one publishes ports; environments' networks are connected afterwards. `always`: after a
 * crash of the engine `unless-stopped` containers stay down. SIGUSR1 lets requests end; nobody waits longer than the stop takes.
 */
export function containerSpec(settings: IngressSettings, imageId: string, mark: string): ContainerCreate {
  const { ports, metricsPort, mounts, user } = settings;
  const { http, https, metrics } = containerPlaces;
  const published = {
    [`${http}/tcp`]: [{ HostIp: '', HostPort: String(ports.http) }],
    [`${https}/tcp`]: [{ HostIp: '', HostPort: String(ports.https) }],
    ...(metricsPort !== undefined && {
      [`${metrics}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(metricsPort) }],
    }),
  };
  return {
    Image: imageId,
    Entrypoint: [],
    Cmd: ['haproxy', '-W', '-db', '-S', '/run/haproxy/master.sock,mode,600', '-f', '/etc/haproxy/haproxy.cfg'],
    User: `${user.uid}:${user.gid}`,
    Labels: { odyssey_part: 'ingress', odyssey_spec: mark },
    ExposedPorts: Object.fromEntries(Object.keys(published).map((port) => [port, {}])),
    StopSignal: 'SIGUSR1',
    StopTimeout: 10,
    HostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      RestartPolicy: { Name: 'always' },
      NetworkMode: 'bridge',
      PortBindings: published,
      Mounts: [
        { Type: mounts.kind, Source: mounts.configuration, Target: '/etc/haproxy', ReadOnly: true },
        { Type: mounts.kind, Source: mounts.sockets, Target: '/run/haproxy' },
      ],
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      NanoCpus: nanoCpus,
      PidsLimit: 256,
    },
  };
}

/** Where Prometheus finds HAProxy's own figures; undefined where nothing reaches them. */
export function metricsAddress({ metricsPort, networks }: IngressSettings): string | undefined {
  if (metricsPort !== undefined) return `127.0.0.1:${metricsPort}`;
  return networks.length > 0 ? `${containerName}:${containerPlaces.metrics}` : undefined;
}

/** The settings as text: a container of another text is replaced. A tag that names another image by now replaces nothing. */
export function describeSettings(settings: IngressSettings): string {
  return JSON.stringify(containerSpec(settings, settings.image, ''));
}
