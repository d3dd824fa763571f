// The broker's settings.
import { choice, names, port, type Setting, text } from '../../core/runtime/config.ts';
import { type Bind, isCanonical } from './policy.ts';

export const settings = {
  host: text('BROKER_HOST', '127.0.0.1', 'Address of /healthz, /ready and /metrics.'),
  port: port('BROKER_PORT', 9402, 'Port of /healthz, /ready and /metrics.'),
  dataFolder: text('ODYSSEY_DATA', 'data', 'Folder for what Odyssey keeps; the sockets lie in its run/broker.'),
  readSocket: optionalPath('BROKER_READ_SOCKET', 'The collector’s socket, where it does not lie in the data folder.'),
  readGroup: group('BROKER_READ_GROUP', 'Number of the group that may use it; empty: the broker’s own.'),
  writeSocket: optionalPath(
    'BROKER_WRITE_SOCKET',
    'The control plane’s socket, where it does not lie in the data folder.',
  ),
  dockerSocket: dockerSocket(),
  binds: binds(),
  volumes: names('BROKER_VOLUMES', '', 'Volumes that the ingress may mount besides deployments’ (vol-…).'),
  networks: names('BROKER_NETWORKS', '', 'Networks that the ingress may join besides environments’ (env-…).'),
  publishedPorts: ports(),
  logLevel: choice('LOG_LEVEL', 'info', 'The least serious event that is written.', ['debug', 'info', 'warn', 'error']),
};

export const settingsPrefix = 'BROKER_';

function optionalPath(variable: string, about: string): Setting<string | undefined> {
  return { variable, fallback: '', about, parse: (value) => (value === '' ? undefined : parsePath(value)) };
}

function parsePath(value: string): string {
  if (!isCanonical(value)) throw new Error('give an absolute path, such as /var/lib/odyssey');
  return value;
}

function group(variable: string, about: string): Setting<number | undefined> {
  return {
    ...{ variable, fallback: '', about },
    parse(value) {
      if (value === '') return undefined;
      if (!/^\d{1,9}$/.test(value)) throw new Error('give the number of a group, such as 10002');
      return Number(value);
    },
  };
}

function dockerSocket(): Setting<string> {
  return {
    variable: 'DOCKER_HOST',
    fallback: 'unix:///var/run/docker.sock',
    about: 'The engine’s socket, rootless ones included; only unix sockets.',
    parse(value) {
      const found = /^unix:\/\/(\/.+)$/.exec(value)?.[1];
      if (found === undefined) throw new Error('give a unix socket, such as unix:///var/run/docker.sock');
      return parsePath(found);
    },
  };
}

function binds(): Setting<readonly Bind[]> {
  return {
    variable: 'BROKER_BINDS',
    fallback: '',
    about: 'Folders of the host that the ingress may mount, each with :ro or :rw, separated by commas.',
    parse: (value) =>
      value
        .split(',')
        .filter((entry) => entry.trim() !== '')
        .map((entry) => {
          const found = /^(\/.+):(ro|rw)$/.exec(entry.trim());
          if (found === null || !isCanonical(found[1]!))
            throw new Error('give absolute folders, such as /srv/odyssey/haproxy:ro');
          return { source: found[1]!, readOnly: found[2] === 'ro' };
        }),
  };
}

function ports(): Setting<readonly number[]> {
  return {
    variable: 'BROKER_PUBLISHED_PORTS',
    fallback: '80,443,8404',
    about: 'Ports of the host that the ingress may publish.',
    parse: (value) =>
      value.split(',').map((entry) => {
        const number = Number(entry);
        if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Error('give ports from 1 to 65535');
        return number;
      }),
  };
}
