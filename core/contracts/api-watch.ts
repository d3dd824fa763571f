// What the API says of the machine and its anomalies: every part is known or unknown, and unknown says why.
import { z } from 'zod';
import { pageQuery } from './api.ts';
import { detectorHealth } from './health.ts';
import { processFacts } from './processes.ts';
import { threatReport } from './threats.ts';

const unixSeconds = z.number();
const unknown = z.strictObject({ state: z.literal('unknown'), reason: z.string() });

/** One number, or why there is none. */
export const reading = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('known'), value: z.number() }),
  unknown,
]);

/** A list that was read whole, or why it could not be: an empty list really is empty. */
const section = <T extends z.ZodType>(item: T) =>
  z.discriminatedUnion('state', [z.strictObject({ state: z.literal('known'), items: z.array(item) }), unknown]);

const labels = z.record(z.string(), z.string());

export const nodeView = z.strictObject({
  instance: z.string(),
  cpuRatio: reading,
  memoryRatio: reading,
  /** Of the fullest file system. */
  diskRatio: reading,
  load1: reading,
});
export const containerView = z.strictObject({
  instance: z.string(),
  name: z.string(),
  cpuCores: reading,
  memoryBytes: reading,
});
export const gpuView = z.strictObject({
  instance: z.string(),
  uuid: z.string(),
  utilizationRatio: reading,
  temperatureCelsius: reading,
  powerWatts: reading,
});
export const targetView = z.strictObject({ job: z.string(), instance: z.string(), up: z.boolean() });
export const alertView = z.strictObject({
  name: z.string(),
  severity: z.string(),
  labels,
  /** Since when its condition holds; null where Prometheus does not say. */
  since: unixSeconds.nullable(),
  /** The words of its rule; null where it has none. */
  summary: z.string().nullable(),
  description: z.string().nullable(),
});
export const runbookParams = z.strictObject({ alert: z.string().min(1).max(128) });
/** What to do when this alert fires, as Markdown. */
export const runbookView = z.strictObject({ alert: z.string(), text: z.string() });
export const billView = z.strictObject({ job: z.string(), memoryBytes: reading, cpuCores: reading });

const seriesHealth = detectorHealth.shape.entities.element.shape.series.element;
/** One series of one detector as it stands now. */
export const anomaly = seriesHealth
  .omit({ evaluationDurationSeconds: true, model: true })
  .extend({ detector: detectorHealth.shape.detector, labels });
const detectorView = z.strictObject({
  detector: detectorHealth.shape.detector,
  ready: z.boolean(),
  prometheusAnswering: z.boolean(),
  series: z.int(),
  warming: z.int(),
  unknown: z.int(),
});

export const anomaliesQuery = z.strictObject({
  detector: detectorHealth.shape.detector.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  /** `thing`: of each container, GPU, disk or group of processes its most telling series alone, those that raise an alert first. */
  each: z.enum(['series', 'thing']).default('series'),
});
export const anomalies = z.strictObject({
  atSeconds: unixSeconds,
  detectors: z.array(
    z.discriminatedUnion('state', [
      detectorView.extend({ state: z.literal('known') }),
      unknown.extend({ detector: detectorHealth.shape.detector }),
    ]),
  ),
  /** Rarest first; series without a score last. */
  items: z.array(anomaly),
  omitted: z.int(),
});

/** Each thing by its most telling series: those that raise an alert first, then the rarest, those without a score last. */
const thingsNow = anomalies.extend({
  /** Things, not series, beyond the bound of what is listed. */
  omitted: z.int(),
  /** Of all things, listed or not: how many there are, how many have a score, how many are rarer than 1 in 100 or raise an alert. */
  things: z.strictObject({ total: z.int(), judged: z.int(), unusual: z.int() }),
});

export const overview = z.strictObject({
  atSeconds: unixSeconds,
  nodes: section(nodeView),
  containers: section(containerView),
  gpus: section(gpuView),
  targets: section(targetView),
  alerts: section(alertView),
  bill: section(billView),
  anomalies: thingsNow,
});

export const historyQuery = z.strictObject({
  detector: detectorHealth.shape.detector,
  /** Labels of the series as on `anomaly_score`, as JSON. */
  labels: z.string().max(4_096),
  start: z.coerce.number().nonnegative(),
  end: z.coerce.number().nonnegative(),
  step: z.coerce.number().int().min(15).max(86_400).default(60),
});
export const stripsQuery = z.strictObject({
  start: z.coerce.number().nonnegative(),
  end: z.coerce.number().nonnegative(),
  /** Things, as many as a page has room for. */
  limit: z.coerce.number().int().min(1).max(50).default(12),
});
/** The most telling things and how unusual each was; a minute in which nothing was judged is null, never 0. */
export const strips = z.strictObject({
  /** Begin of the first cell. */
  startSeconds: unixSeconds,
  cellSeconds: z.number(),
  /** In the order of the overview. */
  items: z.array(
    anomaly
      .pick({ detector: true, labels: true, metric: true, unit: true })
      /** The highest score of each cell, oldest first. */
      .extend({ scores: z.array(z.number().nullable()) }),
  ),
});

const points = z.array(z.tuple([z.number(), z.number()]));
/** Points as [Unix seconds, value]; a time that is missing is unknown, never 0. */
export const history = z.strictObject({
  score: points,
  /** What was judged, in the metric's own unit; empty for all metrics of a thing together. */
  value: points,
  expectedLow: points,
  expectedHigh: points,
  alert: points,
  contributions: z.array(z.strictObject({ feature: z.string(), share: points })),
});

const identity = /^[a-zA-Z0-9][\w.:-]{0,254}$/;
const chartSpan = {
  start: z.coerce.number().nonnegative(),
  end: z.coerce.number().nonnegative(),
  step: z.coerce.number().int().min(15).max(86_400).default(60),
};
export const metricQuery = z.strictObject({
  of: z.enum(['container', 'gpu', 'node']),
  /** Name of the container, uuid of the GPU, name of the machine. */
  id: z.string().regex(identity),
  /** The machine that it is on; without it, two machines with one of that name are unknown. */
  instance: z.string().regex(identity).optional(),
  ...chartSpan,
});
export const metricHistory = z.strictObject({
  metrics: z.array(
    z.strictObject({
      metric: z.string(),
      unit: z.string(),
      value: points,
      /** Empty where no detector judges it. */
      expectedLow: points,
      expectedHigh: points,
    }),
  ),
  /** Unix seconds at which a container was started, oldest first. */
  starts: z.array(unixSeconds),
});

export const deploymentHistoryQuery = z.strictObject(chartSpan);
/** Each metric by revision, newest first; a time without a point is unknown, or nobody asked. */
export const deploymentHistory = z.strictObject({
  metrics: z.array(
    z.strictObject({
      metric: z.string(),
      unit: z.string(),
      series: z.array(z.strictObject({ revision: z.string(), value: points })),
    }),
  ),
  /** Older revisions of this time that are not listed. */
  omitted: z.int(),
});

export const judgement = z
  .strictObject({
    labels: z.record(z.string().regex(/^[a-zA-Z_]\w{0,63}$/), z.string().max(512)),
    start: z.number().nonnegative(),
    end: z.number().nonnegative(),
    expected: z.boolean(),
  })
  .refine(({ start, end }) => end > start && end - start <= 7 * 86_400, 'end after start, at most 7 days later');
export const feedbackQuery = z.strictObject({ since: z.string().max(256).default('') });

const matcher = z.strictObject({
  name: z.string().regex(/^[a-zA-Z_]\w{0,127}$/),
  value: z.string().max(512),
  isRegex: z.boolean().default(false),
  isEqual: z.boolean().default(true),
});
export const silence = z.strictObject({
  id: z.string(),
  state: z.string(),
  owner: z.string(),
  reason: z.string(),
  startSeconds: unixSeconds,
  endSeconds: unixSeconds,
  matchers: z.array(matcher),
  /** Alerts that it holds back right now. */
  hits: z.int(),
  /** Which they are, the first 200 of them. Alertmanager hears of an alert again up to a minute after its own start. */
  alerts: z.array(alertView.pick({ name: true, severity: true, labels: true })),
});
export const silenceBody = z.strictObject({
  matchers: z
    .array(matcher)
    .min(1)
    .max(16)
    .refine((all) => all.some(({ value, isEqual }) => isEqual && value !== ''), 'one matcher must name something'),
  reason: z.string().min(3).max(500),
  minutes: z
    .int()
    .min(1)
    .max(30 * 1_440),
});
export const silenceMade = z.strictObject({ id: z.string() });

export const processesQuery = pageQuery.extend({ search: z.string().max(200).default('') });
export const processes = z.strictObject({
  instance: z.string(),
  takenAtSeconds: unixSeconds,
  scanGapSeconds: z.number(),
  items: z.array(processFacts),
  next: z.string().nullable(),
  omitted: z.int(),
});
/** A machine without a report is unknown, not clean. */
export const threats = section(threatReport);
