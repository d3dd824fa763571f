// GPUs: what the overview knows of each, what came this second, and what the GPU detector finds unusual about it.
import type { LiveValues } from '../../../core/contracts/live.ts';
import { type Anomaly, anomalyHref, metricName, sentenceOf } from '../values/anomaly-words.ts';
import { type Overview, unjudgedOf } from '../values/health.ts';
import { say } from '../values/units.ts';
import type { Anomalies } from './anomalies.svelte.ts';
import type { App } from './app.svelte.ts';
import { MetricCharts } from './metric-charts.svelte.ts';
import type { Stop } from './ports.ts';
import type { Query } from './query.svelte.ts';
import { type Column, TableState } from './table.svelte.ts';

type Ground = Pick<App, 'api' | 'queries' | 'router' | 'live' | 'ports' | 'time'> & { readonly now: number };
type LiveGpu = LiveValues['gpus'][number];

export interface Gpu {
  uuid: string;
  /** As the driver calls it; the uuid until it was heard live. */
  name: string;
  index: number | null;
  utilizationRatio: number | null;
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
  temperatureCelsius: number | null;
  powerWatts: number | null;
  /** When the values were taken, Unix seconds. */
  at: number;
  /** Its rarest score; undefined where the detector does not speak of it. */
  anomaly: Anomaly | undefined;
}

const columns: readonly Column<Gpu>[] = [
  { key: 'gpu', title: 'GPU', value: ({ name, uuid }) => `${name} ${uuid}` },
  { key: 'index', title: 'No.', value: ({ index }) => index, unit: 'count', wide: true },
  { key: 'use', title: 'Busy', value: ({ utilizationRatio }) => utilizationRatio, unit: 'ratio' },
  { key: 'memory', title: 'Memory', value: ({ memoryUsedBytes }) => memoryUsedBytes, unit: 'bytes' },
  { key: 'temperature', title: 'Temperature', value: ({ temperatureCelsius }) => temperatureCelsius, unit: 'celsius' },
  { key: 'power', title: 'Power', value: ({ powerWatts }) => powerWatts, unit: 'watts' },
  { key: 'unusual', title: 'Unusual', value: ({ anomaly }) => anomaly?.score, narrow: 'state' },
  { key: 'age', title: 'Age', value: ({ at }) => at, wide: true },
];

/** A live update that is older than this is not shown as the present; a GPU's own age counts on top of it. */
const freshSeconds = 10;
/** Each has three charts: a page of more is Grafana's. */
const chartedMax = 4;
/** 1 in 100. */
const unusualScore = 99;
/** Series of all GPUs: 64 GPUs with a dozen each are fewer. */
const askedMax = 1_000;

export class GpusPage {
  private readonly app: Ground;
  readonly query: Query<Overview>;
  /** Asked by itself: the overview lists the rarest of all detectors, and a busy host would crowd the GPUs out. */
  readonly judged: Query<Anomalies>;
  readonly table: TableState<Gpu>;

  constructor(app: Ground) {
    this.app = app;
    this.query = app.queries.get('overview', (signal) => app.api.get<Overview>('/overview', {}, signal));
    this.judged = app.queries.get('anomalies of GPUs', (signal) =>
      app.api.get<Anomalies>('/anomalies', { detector: 'gpu', limit: askedMax }, signal),
    );
    this.table = new TableState({
      ...{ columns, router: app.router, sort: 'index' },
      rows: () => this.gpus,
      id: ({ uuid }) => uuid,
    });
  }

  private readonly live = $derived.by(() => {
    const newest = this.app.live.newest('live');
    if (newest === undefined || this.app.now - newest.at > freshSeconds) return [];
    const listed = (newest.value as Partial<LiveValues> | null)?.gpus;
    return Array.isArray(listed) ? listed.map((gpu: LiveGpu) => ({ gpu, at: newest.at - (gpu.ageSeconds ?? 0) })) : [];
  });

  /** What the detector says of any GPU, rarest first. */
  readonly anomalies: readonly Anomaly[] = $derived.by(() =>
    (this.judged.data?.items ?? []).filter(({ detector }) => detector === 'gpu'),
  );
  readonly unusual = $derived.by(() =>
    this.anomalies
      .filter(({ score, alert }) => alert?.raised || (score ?? 0) >= unusualScore)
      .map((anomaly) => ({
        anomaly,
        href: anomalyHref(anomaly),
        title: `${this.nameOf(anomaly.labels['uuid'])}: ${metricName(anomaly.metric)}`,
        sentence: sentenceOf(anomaly),
      })),
  );
  /** Why nobody judges GPUs now; undefined where at least one reading is judged. */
  readonly unjudged = $derived.by(() => {
    const { data, error } = this.judged;
    if (data === undefined) return error?.message ?? 'not read yet';
    return unjudgedOf(data.detectors, 'gpu', this.anomalies);
  });
  /** Why the list could not be read, while nothing came live either. */
  readonly unknown = $derived.by(() => {
    const listed = this.query.data?.gpus;
    return listed?.state === 'unknown' && this.live.length === 0 ? listed.reason : undefined;
  });

  /** Those that the overview has and those heard live: one that has just come is shown before Prometheus has it. */
  readonly gpus: readonly Gpu[] = $derived.by(() => {
    const { data } = this.query;
    const listed = data?.gpus.state === 'known' ? data.gpus.items : [];
    const uuids = new Set([...listed.map(({ uuid }) => uuid), ...this.live.map(({ gpu }) => gpu.uuid)]);
    return [...uuids].map((uuid) => {
      const now = this.live.find(({ gpu }) => gpu.uuid === uuid);
      const past = listed.find((one) => one.uuid === uuid);
      const known = (reading: Past['powerWatts'] | undefined) => (reading?.state === 'known' ? reading.value : null);
      return {
        ...{ uuid, name: now?.gpu.name ?? uuid, index: now?.gpu.index ?? null },
        utilizationRatio: now?.gpu.utilizationRatio ?? known(past?.utilizationRatio),
        ...{ memoryUsedBytes: now?.gpu.memoryUsedBytes ?? null, memoryTotalBytes: now?.gpu.memoryTotalBytes ?? null },
        temperatureCelsius: now?.gpu.temperatureCelsius ?? known(past?.temperatureCelsius),
        powerWatts: now?.gpu.powerWatts ?? known(past?.powerWatts),
        at: now?.at ?? data?.atSeconds ?? 0,
        anomaly: this.anomalies.find(({ labels }) => labels['uuid'] === uuid),
      };
    });
  });

  /** Apart from the values that move: the same GPUs keep their charts. */
  private readonly charted = $derived.by(() =>
    this.gpus
      .slice(0, chartedMax)
      .map(({ uuid }) => uuid)
      .join(' '),
  );
  readonly charts = $derived.by(() =>
    this.charted.split(' ').flatMap((id) => (id === '' ? [] : [new MetricCharts(this.app, { of: 'gpu', id })])),
  );

  readonly sentence = $derived.by(() => {
    if (this.query.data === undefined) return undefined;
    if (this.unknown !== undefined) return 'Whether there are GPUs is unknown.';
    const { gpus } = this;
    const [first] = gpus;
    if (first === undefined) return 'No GPU is measured.';
    const busy =
      gpus.length === 1
        ? `One GPU, ${first.utilizationRatio === null ? 'its use unknown' : `${say(first.utilizationRatio, 'ratio')} busy`}`
        : `${gpus.length} GPUs, ${gpus.filter(({ utilizationRatio }) => (utilizationRatio ?? 0) > 0.05).length} busy`;
    if (this.unjudged !== undefined) return `${busy}; not judged yet whether anything is unusual.`;
    const count = this.unusual.length;
    const found = count === 0 ? 'nothing unusual' : `${count} unusual ${count === 1 ? 'reading' : 'readings'}`;
    const waiting = gpus.filter(({ anomaly }) => typeof anomaly?.score !== 'number').length;
    return `${busy}; ${found}${waiting === 0 ? '' : `, ${waiting} not judged yet`}.`;
  });

  follow(running: () => boolean): Stop {
    const stops = [this.query.follow(15, running), this.judged.follow(15, running), this.app.live.watch(['live'])];
    return () => {
      for (const stop of stops) stop();
    };
  }

  private nameOf(uuid: string | undefined): string {
    return this.live.find(({ gpu }) => gpu.uuid === uuid)?.gpu.name ?? uuid ?? 'A GPU';
  }
}

type Past = Extract<Overview['gpus'], { state: 'known' }>['items'][number];
