// What each container of the appliance may do, as one table: nothing more and nothing less is accepted of the running ones and of the file.
import { describe, expect, test } from 'vitest';
import { type Inspected, inspectAll } from './containers.ts';
import type { Appliance } from './stack.ts';

interface Rights {
  user: string;
  groups?: readonly string[];
  caps?: readonly string[];
  security?: readonly (string | RegExp)[];
  /** Namespaces of the host that it shares. */
  shares?: readonly string[];
  networks: readonly string[];
  published?: readonly string[];
  /** Where it sees what: `ro` and `rw` in front of the volume's name or the path of the host. */
  mounts: Readonly<Record<string, string>>;
}

const noNewPrivileges = 'no-new-privileges:true';

/** `label=disable` is what an engine adds by itself for `pid: host`. */
const collector: Rights = {
  user: '0:10002', // until setpriv has made it 10002
  caps: ['DAC_READ_SEARCH', 'SETUID', 'SYS_PTRACE'],
  security: [
    'apparmor:unconfined',
    'label=disable',
    noNewPrivileges,
    /^seccomp=\{"defaultAction".*"ptrace","process_vm_readv"/,
  ],
  shares: ['pid', 'uts'],
  networks: ['core'],
  mounts: { '/host': 'ro /', '/run/odyssey/read': 'ro broker-read', '/data/run': 'ro tokens-collector' },
};

const table: Readonly<Record<string, Rights>> = {
  prepare: {
    user: '10001:10001',
    shares: ['uts'],
    networks: [],
    mounts: {
      '/data/run': 'rw tokens',
      '/data/run/certificate': 'rw certificate',
      '/data/tokens/collector': 'rw tokens-collector',
      '/data/tokens/detectors': 'rw tokens-detectors',
      '/data/tokens/alertmanager': 'rw tokens-alertmanager',
      '/data/config': 'rw config',
      '/data/config/targets': 'rw targets',
      '/data/alerting': 'rw alerting',
      '/data/grafana': 'rw grafana-config',
      '/data/prometheus': 'ro prometheus',
    },
  },
  broker: {
    user: '0:10001',
    groups: ['10002'],
    networks: ['core'],
    mounts: {
      '/var/run/docker.sock': 'rw SOCKET',
      '/run/odyssey/read': 'rw broker-read',
      '/run/odyssey/write': 'rw broker-write',
    },
  },
  collector,
  'collector-gpu': collector,
  'control-plane': {
    user: '10001:10001',
    networks: ['core', 'grafana'],
    published: ['8080'],
    mounts: {
      '/data': 'rw control',
      '/data/run': 'rw tokens',
      '/data/run/certificate': 'rw certificate',
      '/data/config/targets': 'rw targets',
      '/data/alerting': 'rw alerting',
      '/data/haproxy': 'rw odyssey-haproxy',
      '/data/run/haproxy': 'rw odyssey-haproxy-run',
      '/run/odyssey/write': 'ro broker-write',
    },
  },
  detectors: {
    user: '10001:10001',
    networks: ['core'],
    mounts: {
      '/data/models': 'rw models',
      '/data/run': 'ro tokens-detectors',
      '/data/certificate': 'ro certificate',
    },
  },
  prometheus: {
    user: '65534:65534',
    groups: ['10001'],
    networks: ['core', 'grafana'],
    mounts: {
      '/etc/odyssey': 'ro config',
      '/etc/odyssey/targets': 'ro targets',
      '/prometheus': 'rw prometheus',
    },
  },
  alertmanager: {
    user: '65534:65534',
    groups: ['10001'],
    networks: ['core'],
    mounts: {
      '/etc/odyssey': 'ro alerting',
      '/run/odyssey': 'ro tokens-alertmanager',
      '/run/certificate': 'ro certificate',
      '/alertmanager': 'rw alertmanager',
    },
  },
  grafana: {
    user: '472:0',
    groups: ['10001'],
    networks: ['grafana'],
    mounts: { '/etc/odyssey/grafana': 'ro grafana-config', '/var/lib/grafana': 'rw grafana' },
  },
  haproxy: {
    user: '10001:10001',
    security: ['no-new-privileges'],
    networks: ['bridge', 'core', /^env-/.source],
    published: ['443', '80'],
    mounts: { '/etc/haproxy': 'ro odyssey-haproxy', '/run/haproxy': 'rw odyssey-haproxy-run' },
  },
};

/** Every running or ended container, and each service of each profile, against the table. */
export function describeRights(appliance: Appliance): void {
  const started = Object.keys(table).filter((name) => !['collector-gpu', 'grafana'].includes(name));

  test('there are these containers and no others', async () => {
    expect([...(await inspectAll(appliance)).keys()].sort()).toEqual([...started].sort());
  });

  test.each(started)('%s runs with exactly its rights', async (name) => {
    const found = (await inspectAll(appliance)).get(name)!;
    expect(rightsOf(found)).toEqual(expected(name, appliance));
    expect(found.HostConfig).toMatchObject({ Privileged: false, ReadonlyRootfs: true, CapDrop: ['ALL'] });
    expect(found.HostConfig.Devices ?? []).toEqual([]);
    expect(found.HostConfig.DeviceRequests ?? []).toEqual([]);
    expect(found.HostConfig.Memory).toBeGreaterThan(0);
    expect(found.HostConfig.PidsLimit).toBeGreaterThan(0);
    expect(found.HostConfig.RestartPolicy.Name).toBe(name === 'prepare' ? 'no' : 'always');
    if (name !== 'haproxy') expect(found.HostConfig.LogConfig.Config).toMatchObject({ 'max-file': '3' });
    expect((found.Config.Env ?? []).filter(isSecret)).toEqual([]);
  });

  test('published are 80, 443 and 8080, and nothing else', async () => {
    const bindings = [...(await inspectAll(appliance)).values()].flatMap((one) =>
      Object.values(one.HostConfig.PortBindings ?? {}).flat(),
    );
    expect(bindings.map(({ HostPort }) => HostPort).sort()).toEqual(['443', '80', '8080']);
  });

  describe('in the file, with every profile', () => {
    test('there are these services and no others', async () => {
      const names = Object.keys(table).filter((name) => name !== 'haproxy');
      expect(Object.keys(await servicesOf(appliance)).sort()).toEqual(names.sort());
    });

    test.each(Object.keys(table).filter((name) => name !== 'haproxy'))('%s has exactly its rights', async (name) => {
      const service = (await servicesOf(appliance))[name]!;
      const { mounts, networks, published = [], caps = [], user, groups = [], shares = [] } = table[name]!;
      expect(service).toMatchObject({ cap_drop: ['ALL'], read_only: true, user });
      expect([...(service.cap_add ?? [])].sort()).toEqual(caps);
      expect(service.security_opt).toEqual(
        caps.length > 0
          ? [noNewPrivileges, 'apparmor:unconfined', 'seccomp:collector-seccomp.json']
          : [noNewPrivileges],
      );
      expect(service.group_add ?? []).toEqual(groups);
      expect([service.pid && 'pid', service.uts && 'uts', service.ipc && 'ipc'].filter(Boolean)).toEqual(shares);
      expect(service.privileged ?? service.devices ?? service.userns_mode).toBeUndefined();
      expect(service.network_mode).toBe(networks.length === 0 ? 'none' : undefined);
      expect(Object.keys(service.networks ?? {}).sort()).toEqual(networks);
      expect((service.ports ?? []).map((port) => port.published)).toEqual(published);
      const seen = Object.fromEntries(
        service.volumes.map(({ target, source, read_only }) => [target, `${read_only ? 'ro' : 'rw'} ${source}`]),
      );
      expect(seen).toEqual(
        Object.fromEntries(
          Object.entries(mounts).map(([at, what]) => [
            at,
            what.replace('SOCKET', appliance.engine.socketPath).replace('odyssey-haproxy', 'haproxy'),
          ]),
        ),
      );
      expect(
        Object.entries(service.environment ?? {})
          .map((pair) => pair.join('='))
          .filter(isSecret),
      ).toEqual([]);
    });
  });
}

function rightsOf({ Config, HostConfig, NetworkSettings, Mounts }: Inspected) {
  const modes = {
    pid: HostConfig.PidMode,
    uts: HostConfig.UTSMode,
    ipc: HostConfig.IpcMode,
    userns: HostConfig.UsernsMode,
  };
  return {
    user: Config.User,
    groups: HostConfig.GroupAdd ?? [],
    caps: [...(HostConfig.CapAdd ?? [])].map((name) => name.replace('CAP_', '')).sort(),
    security: [...(HostConfig.SecurityOpt ?? [])].sort(),
    shares: Object.entries(modes).flatMap(([name, mode]) => (/^(host|container:)/.test(mode) ? [name] : [])),
    networks: Object.keys(NetworkSettings.Networks)
      .map(bare)
      .filter((name) => name !== 'none')
      .sort(),
    published: Object.values(HostConfig.PortBindings ?? {})
      .flatMap((all) => all.map(({ HostPort }) => HostPort))
      .sort(),
    mounts: Object.fromEntries(
      Mounts.map(({ Destination, Source, Name, RW }) => [
        Destination,
        `${RW ? 'rw' : 'ro'} ${Name === undefined ? Source : Name.replace(/^odyssey_/, '')}`,
      ]),
    ),
  };
}

function expected(name: string, { engine }: Appliance) {
  const { security = [noNewPrivileges], networks, mounts, ...rest } = table[name]!;
  const matching = (one: string | RegExp) => (typeof one === 'string' ? one : expect.stringMatching(one));
  return {
    ...{ groups: [], caps: [], shares: [], published: [], ...rest },
    security: security.map(matching),
    networks: networks.map((one) => (one.startsWith('^') ? expect.stringMatching(one) : one)),
    mounts: Object.fromEntries(
      Object.entries(mounts).map(([at, what]) => [at, what.replace('SOCKET', engine.socketPath)]),
    ),
  };
}

/** `odyssey-core` and `odyssey_grafana` are called so in the file only. */
function bare(network: string): string {
  return network.replace(/^odyssey[-_]/, '');
}

/** Of `NAME=value`: a password or the like that stands there itself, not the file that holds it. */
function isSecret(line: string): boolean {
  return /(PASSWORD|SECRET|TOKEN|_KEY)[^=]*=/i.test(line) && !/_FILE=/.test(line);
}

interface Service {
  cap_add?: readonly string[];
  security_opt?: readonly string[];
  group_add?: readonly string[];
  pid?: string;
  uts?: string;
  ipc?: string;
  userns_mode?: string;
  privileged?: boolean;
  devices?: readonly unknown[];
  network_mode?: string;
  networks?: Readonly<Record<string, unknown>>;
  ports?: readonly { published: string }[];
  volumes: readonly { source: string; target: string; read_only?: boolean }[];
  environment?: Readonly<Record<string, string>>;
}

async function servicesOf(appliance: Appliance): Promise<Readonly<Record<string, Service>>> {
  const said = await appliance.compose('--profile', '*', 'config', '--format', 'json');
  return (JSON.parse(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1)) as { services: Record<string, Service> })
    .services;
}
