// Settings of the detectors' process; the README's table is printed from here.
import {
  type Config,
  ConfigError,
  choice,
  port,
  readConfig,
  type Setting,
  seconds,
  text,
  url,
  wholeNumber,
} from '../core/runtime/config.ts';

/** Longest that one query may take: beyond it an answer is as good as none. */
const deadlineSecondsMax = 10;

export const settings = {
  host: text('DETECTOR_HOST', '127.0.0.1', 'Address that the four listeners bind to.'),
  gpuPort: port('DETECTOR_GPU_PORT', 9405, 'Port of the GPU detector.'),
  containerPort: port('DETECTOR_CONTAINER_PORT', 9406, 'Port of the container detector.'),
  processPort: port('DETECTOR_PROCESS_PORT', 9407, 'Port of the process detector.'),
  diskPort: port('DETECTOR_DISK_PORT', 9408, 'Port of the disk detector.'),
  prometheusUrl: url('PROMETHEUS_URL', 'http://127.0.0.1:9090', 'Where samples and history are read from.'),
  prometheusTimeoutSeconds: atMost(
    seconds('DETECTOR_PROMETHEUS_TIMEOUT', '10s', 'Longest that one query may take; at most 10s.'),
    deadlineSecondsMax,
  ),
  tickSeconds: aboveZero(seconds('DETECTOR_TICK', '15s', 'How often every series is scored.')),
  rowSeconds: aboveZero(
    seconds('DETECTOR_ROW', '1m', 'Length of a row: what a model learns from, a multiple of the tick.'),
  ),
  windowSeconds: aboveZero(seconds('DETECTOR_WINDOW', '7d', 'History that a model is trained on.')),
  retrainSeconds: aboveZero(seconds('DETECTOR_RETRAIN', '6h', 'How often a model is trained anew.')),
  threatScanSeconds: aboveZero(
    seconds('DETECTOR_THREAT_SCAN', '30s', 'How often the processes of every machine are judged.'),
  ),
  seed: wholeNumber('DETECTOR_SEED', 1, 'Seed of the models: same data and seed, same model.', {
    min: 0,
    max: 4_294_967_295,
  }),
  normalisation: choice(
    'DETECTOR_NORMALISATION',
    'percentile',
    'How raw scores become 0 to 100; p10-p90 is the formula of the original system.',
    ['percentile', 'p10-p90'],
  ),
  entitiesMax: wholeNumber(
    'DETECTOR_ENTITIES_MAX',
    100,
    'Most entities of one detector; further ones are counted, not scored.',
    {
      min: 1,
      max: 10_000,
    },
  ),
  seriesMax: wholeNumber(
    'DETECTOR_SERIES_MAX',
    600,
    'Most series of one detector; further ones are counted, not scored.',
    {
      min: 1,
      max: 100_000,
    },
  ),
  dataFolder: text('ODYSSEY_DATA', 'data', 'Folder of everything that is kept; models go to its models/.'),
  controlPlaneUrl: optional(url('CONTROL_PLANE_URL', '', 'Where "this was expected" is read from; empty: nowhere.')),
  logLevel: choice('LOG_LEVEL', 'info', 'Least severity that is logged.', ['debug', 'info', 'warn', 'error']),
};

export type DetectorsConfig = Config<typeof settings>;

/** Reads the environment once; throws ConfigError with every mistake. */
export function readDetectorsConfig(environment: Record<string, string | undefined>): DetectorsConfig {
  const config = readConfig(settings, environment, 'DETECTOR_');
  const { tickSeconds, rowSeconds } = config;
  if (Math.abs(rowSeconds / tickSeconds - Math.round(rowSeconds / tickSeconds)) > 1e-9) {
    throw new ConfigError([`DETECTOR_ROW=${rowSeconds}s is no multiple of DETECTOR_TICK=${tickSeconds}s`]);
  }
  return config;
}

function aboveZero(inner: Setting<number>): Setting<number> {
  return refined(inner, (value) => value > 0, 'give more than 0s');
}

function atMost(inner: Setting<number>, bound: number): Setting<number> {
  return refined(inner, (value) => value > 0 && value <= bound, `give more than 0s and at most ${bound}s`);
}

function refined(inner: Setting<number>, holds: (value: number) => boolean, demand: string): Setting<number> {
  return {
    ...inner,
    parse: (value) => {
      const parsed = inner.parse(value);
      if (!holds(parsed)) throw new Error(demand);
      return parsed;
    },
  };
}

function optional(inner: Setting<string>): Setting<string | undefined> {
  return { ...inner, parse: (value) => (value === '' ? undefined : inner.parse(value)) };
}
