// A dashboard: sections laid out on the grid, with the links, variables and annotations that all of them share.
import { colour, rarity } from './colour.ts';
import type { Section } from './panel.ts';
import { datasource, targets } from './query.ts';
import type { AnnotationJson, DashboardJson, PanelJson, RowJson, VariableJson } from './schema.ts';
import { firing } from './select.ts';
import { consoleRoot, instance } from './variable.ts';

export interface Dashboard {
  /** Also the name of its file and, with a prefix, its uid: it stays. */
  name: string;
  title: string;
  description: string;
  tags: readonly string[];
  /** The page of the console that is about the same, under its root. */
  consolePage: string;
  variables?: readonly VariableJson[];
  /** PromQL matchers that narrow the marks of raised alerts, such as `detector="gpu"`. */
  marks?: string;
  range?: string;
  sections: readonly Section[];
}

const columns = 24;

/** All dashboards carry this tag: the menu of dashboards is made from it. */
const houseTag = 'odyssey';

function uidOf(name: string): string {
  return `odyssey-${name}`;
}

export function dashboard(source: Dashboard): DashboardJson {
  const { name, title, description, tags, consolePage, variables = [], marks, range = 'now-3h', sections } = source;
  return {
    uid: uidOf(name),
    title: `Odyssey · ${title}`,
    description,
    tags: [houseTag, ...tags],
    schemaVersion: 41,
    version: 1,
    editable: true,
    graphTooltip: 1,
    liveNow: false,
    refresh: '30s',
    timezone: 'browser',
    time: { from: range, to: 'now' },
    timepicker: { refresh_intervals: ['15s', '30s', '1m', '5m', '15m'] },
    links: [menu, consoleLink(consolePage)],
    templating: { list: [instance, ...variables, consoleRoot] },
    annotations: { list: [raisedAlerts(marks), firingRules] },
    panels: place(sections),
  };
}

const menu: NonNullable<DashboardJson['links']>[number] = {
  type: 'dashboards',
  title: 'Dashboards',
  tags: [houseTag],
  asDropdown: true,
  includeVars: true,
  keepTime: true,
  targetBlank: false,
  icon: 'external link',
  tooltip: 'The other dashboards, with the same machine and time',
};

function consoleLink(page: string): typeof menu {
  return {
    type: 'link',
    title: 'Console',
    url: `$console${page}`,
    tags: [],
    asDropdown: false,
    includeVars: false,
    keepTime: false,
    targetBlank: true,
    icon: 'external link',
    tooltip: 'The page of the console about the same',
  };
}

/** A mark where a detector raised an alert on something shown here. */
function raisedAlerts(marks: string | undefined): AnnotationJson {
  const narrowed = ['instance=~"$instance"', ...(marks === undefined ? [] : [marks])].join(',');
  const score = `anomaly_score{${narrowed}}`;
  const expr = `topk(20, ${rarity(score)} and on (detector, instance, name, groupname, device, mountpoint, uuid, metric) (anomaly_alert{${narrowed}} == 1))`;
  return {
    name: 'Unusual',
    enable: true,
    iconColor: '#8e4cc8',
    datasource: { ...datasource },
    target: targets([{ expr, legend: '' }], 'range')[0]!,
    titleFormat: 'Unusual: {{metric}} of {{name}}{{groupname}}{{device}}{{uuid}}',
    textFormat: '{{detector}} on {{instance}}',
    tagKeys: 'detector',
  };
}

/** Rules that fire; only those that a person is told of. */
const firingRules: AnnotationJson = {
  name: 'Alerts',
  enable: true,
  iconColor: colour.critical,
  datasource: { ...datasource },
  target: targets([{ expr: `topk(20, ${firing})`, legend: '' }], 'range')[0]!,
  titleFormat: '{{alertname}}',
  textFormat: '{{severity}} {{instance}} {{subject}}',
  tagKeys: 'severity',
};

/** Panels flow from left to right as words do, each section under its title. */
function place(sections: readonly Section[]): (PanelJson | RowJson)[] {
  const placed: (PanelJson | RowJson)[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    const at = { h: 1, w: columns, x: 0, y };
    placed.push({ type: 'row', id: placed.length + 1, title, collapsed: false, panels: [], gridPos: at });
    y += 1;
    let [x, tallest] = [0, 0];
    for (const panel of panels) {
      const { w, h } = panel.gridPos!;
      if (x + w > columns) [x, y, tallest] = [0, y + tallest, 0];
      placed.push({ ...panel, id: placed.length + 1, gridPos: { x, y, w, h } });
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return placed;
}
