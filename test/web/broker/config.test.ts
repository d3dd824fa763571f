// The settings refuse what would open the host, and say what to write instead.
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../../core/runtime/config.ts';
import { settings, settingsPrefix } from '../../../web/broker/config.ts';

const read = (environment: Record<string, string>) => readConfig(settings, environment, settingsPrefix);

test('without any setting nothing of the host may be mounted', () => {
  expect(read({})).toMatchObject({
    host: '127.0.0.1',
    port: 9402,
    dockerSocket: '/var/run/docker.sock',
    binds: [],
    volumes: [],
    networks: [],
    publishedPorts: [80, 443, 8404],
  });
});

test('folders come with their mode, ports and names as lists', () => {
  const environment = {
    BROKER_BINDS: '/srv/odyssey/haproxy:ro, /srv/odyssey/run/haproxy:rw',
    BROKER_VOLUMES: 'odyssey_haproxy,odyssey_haproxy-run',
    BROKER_PUBLISHED_PORTS: '10080,10443',
    DOCKER_HOST: 'unix:///run/user/1000/docker.sock',
    BROKER_READ_SOCKET: '/run/broker-read/read.sock',
    BROKER_READ_GROUP: '10002',
  };
  expect(read(environment)).toMatchObject({
    binds: [
      { source: '/srv/odyssey/haproxy', readOnly: true },
      { source: '/srv/odyssey/run/haproxy', readOnly: false },
    ],
    volumes: ['odyssey_haproxy', 'odyssey_haproxy-run'],
    publishedPorts: [10_080, 10_443],
    dockerSocket: '/run/user/1000/docker.sock',
    readSocket: '/run/broker-read/read.sock',
    readGroup: 10_002,
  });
});

test.each([
  { DOCKER_HOST: 'tcp://127.0.0.1:2375' },
  { DOCKER_HOST: '/var/run/docker.sock' },
  { BROKER_BINDS: '/srv/x' },
  { BROKER_BINDS: 'srv/x:ro' },
  { BROKER_BINDS: '/srv/../x:ro' },
  { BROKER_PUBLISHED_PORTS: '0' },
  { BROKER_PUBLISHED_PORTS: '80,http' },
  { BROKER_READ_SOCKET: 'read.sock' },
  { BROKER_READ_GROUP: 'odyssey' },
  { BROKER_READ_GROUP: '-1' },
  { BROKER_PRT: '9402' },
])('%o is refused', (environment) => expect(() => read(environment)).toThrow(ConfigError));
