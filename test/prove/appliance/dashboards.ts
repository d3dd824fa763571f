// Proof of the dashboards: every query of every panel on a real Prometheus that our collector and detectors fill, until models judge.
import { dashboard } from '../../../grafana/build/dashboard.ts';
import { dashboards } from '../../../grafana/dashboards/index.ts';
import { readMetrics, until } from '../../detectors/on-history/stack.ts';
import type { TestEngine } from '../../engines.ts';
import { type Filled, fillPrometheus } from '../../grafana/filled.ts';
import { reasonFor } from '../../grafana/lacking.ts';
import { type Ran, runPanels } from '../../grafana/run-panels.ts';
import { barred, type Figure, told } from '../figure.ts';

const learningSecondsMax = 420;
const triesMax = 6;

export async function proveDashboards(engine: TestEngine, progress: (line: string) => void): Promise<Figure[]> {
  const filled = await fillPrometheus(engine, { detectors: true });
  try {
    progress('dashboards: every detector learns');
    const learnt = await until(learningSecondsMax, 'a model in every detector', () => everyDetectorHasModels(filled));
    const ran = await runUntilAnswered(filled);
    const silent = ran.filter(({ series, error }) => series === 0 && error === undefined);
    const listed = silent.filter(({ place }) => reasonFor(place) !== undefined);
    const unexplained = silent.filter(({ place }) => reasonFor(place) === undefined);
    for (const { place, error, expr } of ran) if (error !== undefined) progress(`  ${place}: ${error}: ${expr}`);
    for (const { place } of listed) progress(`  ${place}: no data, ${reasonFor(place)}`);
    for (const { place, expr } of unexplained) progress(`  ${place}: NO DATA, NO REASON: ${expr}`);
    const name = 'appliance.dashboards';
    return [
      barred(`${name}.count`, dashboards.length, '>=', 15),
      told(`${name}.queries`, ran.length),
      told(`${name}.queries_with_data`, ran.length - silent.length),
      told(`${name}.without_data_for_a_reason`, listed.length),
      barred(`${name}.refused_by_prometheus`, ran.filter(({ error }) => error !== undefined).length, '==', 0),
      barred(`${name}.without_data`, unexplained.length, '==', 0),
      told(`${name}.learning`, learnt, 's'),
    ];
  } finally {
    await filled.close();
  }
}

/**
 * Each query until it has given data once. A tick is a second here and a score older than three ticks is not said, so that on a busy
 * machine a score is unknown now and then.
 */
async function runUntilAnswered(filled: Filled): Promise<Ran[]> {
  const best = new Map<string, Ran>();
  for (let tries = 0; tries < triesMax; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 15_000)); // scraped, scanned and looked at once more
    for (const one of await runPanels(filled.url, dashboards.map(dashboard))) {
      const key = `${one.place} ${one.expr}`; // titles may stand twice in a dashboard
      if ((best.get(key)?.series ?? 0) === 0) best.set(key, one);
    }
    if ([...best.values()].every(({ series, place }) => series > 0 || reasonFor(place) !== undefined)) break;
  }
  return [...best.values()];
}

async function everyDetectorHasModels({ detectors }: Filled): Promise<boolean> {
  const modelled = await Promise.all(
    Object.values(detectors!).map(async (port) =>
      (await readMetrics(port)).some(({ name }) => name === 'anomaly_model_trained_timestamp_seconds'),
    ),
  );
  return modelled.every(Boolean);
}
