// The many ways to ask for a container that owns its host, each one step away from a good body.
import { create, goodContainer, goodService, type NamedBody, service } from './bodies.ts';

function host(name: string, fields: Record<string, unknown>): NamedBody {
  const good = goodContainer();
  return { name: `container: ${name}`, ...create, body: { ...good, HostConfig: { ...good.HostConfig, ...fields } } };
}

function container(name: string, fields: Record<string, unknown>): NamedBody {
  return { name: `container: ${name}`, ...create, body: { ...goodContainer(), ...fields } };
}

function mount(name: string, fields: Record<string, unknown>): NamedBody {
  return host(name, { Mounts: [{ Type: 'bind', Target: '/mnt', ...fields }] });
}

function task(name: string, fields: Record<string, unknown>): NamedBody {
  const good = goodService();
  return { name: `service: ${name}`, ...service, body: { ...good, TaskTemplate: { ...good.TaskTemplate, ...fields } } };
}

function inTask(name: string, fields: Record<string, unknown>): NamedBody {
  const good = goodService().TaskTemplate.ContainerSpec;
  return task(name, { ContainerSpec: { ...good, ...fields } });
}

function without(value: Record<string, unknown>, field: string): Record<string, unknown> {
  const { [field]: _left, ...kept } = value;
  return kept;
}

/** Each of these, if the engine took it, would give away the host, another container or the engine. */
export const dangerousBodies: readonly NamedBody[] = [
  host('privileged', { Privileged: true }),
  host('privileged in lower case, which the engine reads too', { privileged: true }),
  host('the host’s processes', { PidMode: 'host' }),
  host('another container’s processes', { PidMode: 'container:victim' }),
  host('the host’s network', { NetworkMode: 'host' }),
  host('another container’s network', { NetworkMode: 'container:victim' }),
  host('the host’s shared memory', { IpcMode: 'host' }),
  host('the host’s name', { UTSMode: 'host' }),
  host('the host’s users', { UsernsMode: 'host' }),
  host('the host’s cgroups', { CgroupnsMode: 'host' }),
  host('a capability', { CapAdd: ['SYS_ADMIN'] }),
  host('all capabilities', { CapAdd: ['ALL'] }),
  host('no capability dropped', { CapDrop: [] }),
  host('a device', { Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda', CgroupPermissions: 'rwm' }] }),
  host('devices asked for by kind', { DeviceRequests: [{ Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] }] }),
  host('a device cgroup rule', { DeviceCgroupRules: ['b *:* rwm'] }),
  host('no seccomp profile', { SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] }),
  host('no AppArmor profile', { SecurityOpt: ['apparmor=unconfined'] }),
  host('no labels of SELinux', { SecurityOpt: ['label=disable'] }),
  host('unmasked paths', { SecurityOpt: ['no-new-privileges', 'systempaths=unconfined'] }),
  host('new privileges', { SecurityOpt: [] }),
  host('masked paths taken away', { MaskedPaths: [], ReadonlyPaths: [] }),
  host('the root as a bind', { Binds: ['/:/host'] }),
  host('the socket as a bind', { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] }),
  mount('the root', { Source: '/' }),
  mount('the socket', { Source: '/var/run/docker.sock' }),
  mount('the socket behind its link', { Source: '/run/docker.sock', ReadOnly: true }),
  mount('the socket’s folder', { Source: '/var/run' }),
  mount('the folder behind the link', { Source: '/run' }),
  mount('a folder above the allowed one', { Source: '/srv/odyssey' }),
  mount('a folder below the allowed one', { Source: '/srv/odyssey/run/haproxy/deeper' }),
  mount('a way out of the allowed folder', { Source: '/srv/odyssey/haproxy/../../..' }),
  mount('the allowed folder, but writable', { Source: '/srv/odyssey/haproxy' }),
  mount('the allowed folder, spread to the host', {
    Source: '/srv/odyssey/run/haproxy',
    BindOptions: { Propagation: 'rshared' },
  }),
  mount('the engine’s data', { Source: '/var/lib/docker' }),
  host('a volume that is a bind', {
    Mounts: [
      {
        Type: 'volume',
        Source: 'vol-x',
        Target: '/mnt',
        VolumeOptions: { DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } } },
      },
    ],
  }),
  host('somebody else’s volume', { Mounts: [{ Type: 'volume', Source: 'odyssey_broker-write', Target: '/mnt' }] }),
  host('a mount over /proc', { Mounts: [{ Type: 'tmpfs', Target: '/proc' }] }),
  host('a named pipe', { Mounts: [{ Type: 'npipe', Source: '//./pipe/docker', Target: '/mnt' }] }),
  host('the volumes of another container', { VolumesFrom: ['victim'] }),
  host('a kernel setting', { Sysctls: { 'kernel.core_pattern': '|/evil' } }),
  host('another runtime', { Runtime: 'runc-unsafe' }),
  host('another cgroup parent', { CgroupParent: '/' }),
  host('the out-of-memory killer switched off', { OomKillDisable: true }),
  host('a log driver that sends elsewhere', {
    LogConfig: { Type: 'syslog', Config: { 'syslog-address': 'tcp://10.0.0.1:1' } },
  }),
  host('a port of the host that is not ours', { PortBindings: { '8000/tcp': [{ HostPort: '22' }] } }),
  host('no memory limit', { Memory: 0 }),
  host('a writable root', { ReadonlyRootfs: false }),
  host('a link to another container', { Links: ['victim:db'] }),
  container('an image by its tag', { Image: 'haproxy:latest' }),
  container('a user by name', { User: 'root' }),
  container('an environment that was stripped', { Env: ['PATH'] }),
  container('anonymous volumes', { Volumes: { '/data': {} } }),
  container('host settings twice, once in another case', { hostconfig: { Privileged: true } }),
  container('a network of the host', { NetworkingConfig: { EndpointsConfig: { host: {} } } }),
  inTask('the root', { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
  inTask('an allowed folder, in a service', {
    Mounts: [{ Type: 'bind', Source: '/srv/odyssey/run/haproxy', Target: '/x' }],
  }),
  inTask('the socket', { Mounts: [{ Type: 'bind', Source: '/var/run/docker.sock', Target: '/s' }] }),
  inTask('a volume with a driver', {
    Mounts: [{ Type: 'volume', Source: 'vol-x', Target: '/m', VolumeOptions: { DriverConfig: { Name: 'local' } } }],
  }),
  inTask('the ingress’s own volume, in a service', {
    Mounts: [{ Type: 'volume', Source: 'odyssey_haproxy', Target: '/m', ReadOnly: true }],
  }),
  inTask('the usual capabilities', { CapabilityDrop: undefined }),
  inTask('one capability dropped alone', { CapabilityDrop: ['CAP_NET_RAW'] }),
  inTask('no capability dropped', { CapabilityDrop: [] }),
  inTask('new privileges', { Privileges: undefined }),
  inTask('new privileges, said aloud', { Privileges: { NoNewPrivileges: false } }),
  inTask('new privileges, by leaving it open', { Privileges: {} }),
  inTask('a capability', { CapabilityAdd: ['CAP_SYS_ADMIN'] }),
  inTask('no seccomp profile', { Privileges: { Seccomp: { Mode: 'unconfined' } } }),
  inTask('no AppArmor profile', { Privileges: { AppArmor: { Mode: 'disabled' } } }),
  inTask('a credential', { Privileges: { CredentialSpec: { File: 'x' } } }),
  inTask('a kernel setting', { Sysctls: { 'net.ipv4.ip_forward': '1' } }),
  inTask('a config as a file', { Configs: [{ ConfigID: 'x', ConfigName: 'x', File: { Name: '/etc/passwd' } }] }),
  inTask('a secret outside its folder', {
    Secrets: [{ SecretID: 's', SecretName: 'db-1', File: { Name: '../../etc/passwd', UID: '0', GID: '0', Mode: 256 } }],
  }),
  inTask('an image by its tag', { Image: 'shop:latest' }),
  inTask('names of its own', { Hosts: ['127.0.0.1 registry'] }),
  inTask('the labels left out', { Labels: {} }),
  task('the host’s network', { Networks: [{ Target: 'host' }] }),
  task('Odyssey’s own network', { Networks: [{ Target: 'odyssey_default' }] }),
  task('a network by its id', { Networks: [{ Target: '02b5220b9180' }] }),
  task('a plug-in', { Runtime: 'plugin', PluginSpec: { Remote: 'evil/plugin', PluginPrivilege: [] } }),
  task('a log driver', { LogDriver: { Name: 'syslog' } }),
  task('no limits', { Resources: {} }),
  {
    name: 'service: a published port',
    ...service,
    body: {
      ...goodService(),
      EndpointSpec: { Mode: 'vip', Ports: [{ TargetPort: 80, PublishedPort: 22, PublishMode: 'host' }] },
    },
  },
  { name: 'service: on every node', ...service, body: { ...goodService(), Mode: { Global: {} } } },
  {
    name: 'service: no limit to replicas',
    ...service,
    body: { ...goodService(), Mode: { Replicated: { Replicas: 1e6 } } },
  },
  { name: 'service: the name of somebody else’s', ...service, body: { ...goodService(), Name: 'web-shop' } },
  { name: 'service: no labels', ...service, body: without(goodService(), 'Labels') },
  {
    name: 'volume: the root under another name',
    call: 'POST /volumes/create',
    target: '/volumes/create',
    body: { Name: 'vol-x', DriverOpts: { type: 'none', o: 'bind', device: '/' } },
  },
  {
    name: 'volume: another driver',
    call: 'POST /volumes/create',
    target: '/volumes/create',
    body: { Name: 'vol-x', Driver: 'evil' },
  },
  {
    name: 'network: on the host’s card',
    call: 'POST /networks/create',
    target: '/networks/create',
    body: { Name: 'env-x', Driver: 'macvlan', Attachable: true, Options: { parent: 'eth0' } },
  },
  {
    name: 'network: the swarm’s ingress',
    call: 'POST /networks/create',
    target: '/networks/create',
    body: { Name: 'env-x', Driver: 'overlay', Attachable: true, Ingress: true },
  },
  {
    name: 'swarm: forced over another’s state',
    call: 'POST /swarm/init',
    target: '/swarm/init',
    body: { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1', ForceNewCluster: true },
  },
  {
    name: 'swarm: a foreign authority',
    call: 'POST /swarm/update',
    target: '/swarm/update?version=1',
    body: { CAConfig: { ExternalCAs: [{ Protocol: 'cfssl', URL: 'https://evil' }] } },
  },
  {
    name: 'node: something unknown',
    call: 'POST /nodes/{id}/update',
    target: '/nodes/n1/update?version=1',
    body: { Role: 'manager', Availability: 'active', Evil: 1 },
  },
  {
    name: 'attachment: an address of its own',
    call: 'POST /networks/{network}/connect',
    target: '/networks/env-one/connect',
    body: { Container: 'odyssey-ingress', EndpointConfig: { IPAMConfig: { IPv4Address: '10.0.0.1' } } },
  },
  ...['victim', 'a1'.repeat(32), 'odyssey-broker', 'odyssey-broker-1'].flatMap((Container): NamedBody[] => [
    {
      name: `attachment: ${Container}`,
      call: 'POST /networks/{network}/connect',
      target: '/networks/env-one/connect',
      body: { Container },
    },
    {
      name: `detachment: ${Container}`,
      call: 'POST /networks/{network}/disconnect',
      target: '/networks/env-one/disconnect',
      body: { Container, Force: true },
    },
  ]),
];
