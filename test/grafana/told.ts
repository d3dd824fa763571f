// A real Prometheus that knows only what a test tells it, and what the panels of the dashboards then say.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exposition, listen, plain } from '../../core/runtime/http.ts';
import { dashboard } from '../../grafana/build/dashboard.ts';
import type { PanelJson } from '../../grafana/build/schema.ts';
import { dashboards } from '../../grafana/dashboards/index.ts';
import { freePort, until } from '../detectors/on-history/stack.ts';
import type { TestEngine } from '../engines.ts';
import { startPrometheus } from './prometheus.ts';
import { fillIn } from './promql.ts';
import { ask } from './run-panels.ts';

export interface Told {
  url: string;
  /** What the collector of the machine `here` says from now on, series by series; undefined: it does not answer. Resolves when it is known and rules have seen it. */
  tell(series: readonly string[] | undefined): Promise<void>;
  close(): Promise<void>;
}

/** One that watches but is not told to scrape anybody knows nothing at all. */
export async function startTold(engine: TestEngine, want: { collector: boolean; rules?: Rules }): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'odyssey-told-'));
  let said: readonly string[] | undefined;
  let turn = 0;
  const metrics = () =>
    said === undefined ? plain(503, 'silent\n') : exposition([...said, `told_turn ${turn}`, ''].join('\n'));
  const options = { host: '127.0.0.1', port: 0, routes: { '/metrics': metrics }, onError: () => undefined };
  const collector = await listen(options);
  const port = await freePort();
  const targets = want.collector ? [{ job: 'node', ports: [collector.port], ownLabels: true }] : [];
  const end = await startPrometheus({
    engine,
    folder,
    targets,
    rules: want.rules ?? [],
    port,
    alertmanager: undefined,
  });
  const url = `http://127.0.0.1:${port}`;
  const tell = async (series: readonly string[] | undefined) => {
    [said, turn] = [series, turn + 1];
    const known = series === undefined ? 'up == 0' : `told_turn == ${turn}`;
    await until(30, 'it is known', async () => (await ask(url, known, false)).series.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // a second scrape, for trends, and the rules
  };
  const close = async () => {
    await end();
    await collector.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url, tell, close };
}

type Rules = Parameters<typeof startPrometheus>[0]['rules'];

/** The series that the first query of a panel gives, `dashboard: title`. */
export async function said(url: string, place: string, instance?: string) {
  const [name, title] = place.split(': ');
  const found = dashboards
    .filter((source) => source.name === name)
    .flatMap((source) => dashboard(source).panels)
    .find((panel): panel is PanelJson => panel.type !== 'row' && panel.title === title);
  if (found === undefined) throw new Error(`There is no panel ${place}.`);
  const [{ expr, range }] = found.targets as [PanelJson['targets'][number]];
  const { series, error } = await ask(url, fillIn(expr, instance), range);
  if (error !== undefined) throw new Error(`${place}: ${error}`);
  return series;
}
