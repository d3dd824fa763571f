// The collector's settings, read once at start.
import { parseDuration } from '../core/lib/duration.ts';
import { choice, names, port, type Setting, text } from '../core/runtime/config.ts';
import { parseDockerHost } from './docker-api.ts';

export const settings = {
  host: text('COLLECTOR_HOST', '127.0.0.1', 'Address that the collector listens on.'),
  port: port('COLLECTOR_PORT', 9401, 'Port of the collector.'),
  sourcesOff: names('COLLECTOR_SOURCES_OFF', '', 'Sources that are not read, by name.'),
  sourcesOn: names('COLLECTOR_SOURCES_ON', '', 'Sources that are off by default and wanted, such as interrupts.'),
  intervals: intervals('COLLECTOR_INTERVALS', '', 'Sources read in the background, each at its pace: gpu=15s,dns=30s.'),
  dnsNames: names('COLLECTOR_DNS_NAMES', 'localhost', 'Names asked of every name server of the machine.'),
  textfileDirectory: text('COLLECTOR_TEXTFILE_DIRECTORY', '', 'Folder whose *.prom files are exported as well.'),
  hostRoot: text('HOST_ROOT', '', 'Where the root of the host is mounted when the collector runs in a container.'),
  dockerHost: dockerHost('DOCKER_HOST', 'unix:///var/run/docker.sock', 'The Docker engine, asked by GET only.'),
  dataFolder: text('ODYSSEY_DATA', 'data', 'Folder for what Odyssey keeps.'),
  logLevel: choice('LOG_LEVEL', 'info', 'How much is logged.', ['debug', 'info', 'warn', 'error']),
};

export const settingsPrefix = 'COLLECTOR_';

function dockerHost(variable: string, fallback: string, about: string): Setting<string> {
  return {
    variable,
    fallback,
    about,
    parse(value) {
      parseDockerHost(value);
      return value;
    },
  };
}

function intervals(variable: string, fallback: string, about: string): Setting<ReadonlyMap<string, number>> {
  return { variable, fallback, about, parse: parseIntervals };
}

/** `gpu=15s,dns=30s` as seconds by name; at least one second each. */
function parseIntervals(value: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const part of value.split(',').filter((item) => item.trim() !== '')) {
    const [name, duration] = part.split('=').map((side) => side.trim());
    const seconds = parseDuration(duration ?? '');
    if (!name || seconds === undefined || seconds < 1)
      throw new Error('give pairs such as gpu=15s,dns=30s, 1s or more');
    found.set(name, seconds);
  }
  return found;
}
