// Panels: each function turns what a chart says into Grafana's JSON, with one look throughout.
import { colour, plainSteps, rarityMappings, rarityMax, type Step, stripSteps } from './colour.ts';
import { datasource, type Query, targets } from './query.ts';
import type { BarPanel, Field, LinePanel, PanelJson, StatPanel, TablePanel, TimelinePanel } from './schema.ts';

interface Words {
  title: string;
  /** What the panel shows and how to read it: said on hover. */
  description: string;
  queries: readonly Query[];
  /** Grafana's name of the unit. */
  unit: string;
  /** Of 24 columns. */
  width?: number;
  height?: number;
  steps?: readonly Step[];
  min?: number;
  max?: number;
  decimals?: number;
  mappings?: Field['mappings'];
  /** Where a click on a value leads. */
  link?: { title: string; url: string };
}

function frame({ title, description, width = 12, height = 8 }: Words) {
  return { title, description, datasource: { ...datasource }, gridPos: { x: 0, y: 0, w: width, h: height } };
}

function field({ unit, steps = plainSteps, min, max, decimals, mappings, link }: Words): Field {
  return {
    unit,
    noValue: 'unknown',
    thresholds: { mode: 'absolute', steps: [...steps] },
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(decimals === undefined ? {} : { decimals }),
    ...(mappings === undefined ? {} : { mappings }),
    ...(link === undefined ? {} : { links: [{ ...link, targetBlank: true }] }),
  };
}

/** Of an instant query there is one: nothing reaches back to what was known before. */
const theValue = { calcs: ['last'], fields: '', values: false };

export interface LineWords extends Words {
  stacked?: boolean;
  /** Bounds are drawn as dashed lines. */
  bounded?: boolean;
  /** What leaves is drawn below zero: series whose name fits. */
  below?: string;
  /** The expected band: a series' name fits `low` or `high`, and the room between them is shaded. */
  band?: { low: string; high: string };
}

/** A chart over time; gaps are drawn as gaps. */
export function lines(words: LineWords): LinePanel {
  const { stacked = false, bounded = false, below, band } = words;
  const overrides: LinePanel['fieldConfig']['overrides'] = [];
  if (below !== undefined) overrides.push(bySeries(below, [{ id: 'custom.transform', value: 'negative-Y' }]));
  if (band !== undefined) overrides.push(...bandOverrides(band));
  return {
    type: 'timeseries',
    ...frame(words),
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fieldConfig: {
      defaults: {
        ...field(words),
        color: { mode: 'palette-classic' },
        custom: {
          drawStyle: 'line',
          lineWidth: 1,
          fillOpacity: stacked ? 40 : 6,
          showPoints: 'never',
          spanNulls: false,
          stacking: { mode: stacked ? 'normal' : 'none' },
          thresholdsStyle: { mode: bounded ? 'dashed' : 'off' },
        },
      },
      overrides,
    },
    targets: targets(words.queries, 'range'),
  };
}

function bySeries(pattern: string, properties: LinePanel['fieldConfig']['overrides'][number]['properties']) {
  return { matcher: { id: 'byRegexp', options: pattern }, properties };
}

function bandOverrides({ low, high }: { low: string; high: string }): LinePanel['fieldConfig']['overrides'] {
  const quiet = [
    { id: 'custom.lineWidth', value: 0 },
    { id: 'color', value: { mode: 'fixed', fixedColor: colour.neutral } },
    { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
  ];
  return [
    bySeries(`/${low}/`, [...quiet, { id: 'custom.fillOpacity', value: 0 }]),
    bySeries(`/${high}/`, [
      ...quiet,
      { id: 'custom.fillBelowTo', value: low },
      { id: 'custom.fillOpacity', value: 18 },
    ]),
  ];
}

/**
 * One number, or a few beside each other; what is unknown says so. It has no small chart: that needs the values over time, and the last
 * of them still stands there when the machine is silent.
 */
export function stat(words: Words & { values?: boolean }): StatPanel {
  return {
    type: 'stat',
    ...frame({ width: 4, height: 4, ...words }),
    options: {
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      percentChangeColorMode: 'standard',
      reduceOptions: theValue,
      showPercentChange: false,
      textMode: words.values ? 'value_and_name' : 'auto',
      wideLayout: true,
    },
    fieldConfig: { defaults: { ...field(words), color: { mode: 'thresholds' } }, overrides: [] },
    targets: targets(words.queries, 'instant'),
  };
}

/** Bars of the largest, each with its value. */
export function bars(words: Words): BarPanel {
  return {
    type: 'bargauge',
    ...frame(words),
    options: {
      displayMode: 'basic',
      maxVizHeight: 26,
      minVizHeight: 14,
      minVizWidth: 8,
      namePlacement: 'left',
      orientation: 'horizontal',
      reduceOptions: theValue,
      showUnfilled: true,
      sizing: 'auto',
      valueMode: 'color',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
    },
    fieldConfig: { defaults: { ...field(words), color: { mode: 'thresholds' } }, overrides: [] },
    targets: targets(words.queries, 'instant'),
  };
}

export interface Column {
  /** A label, or `Value` (with several queries `Value #A`, `Value #B` …). */
  name: string;
  title: string;
  unit?: string;
  steps?: readonly Step[];
  mappings?: Field['mappings'];
  link?: { title: string; url: string };
}

/** A table of what stands at the end of the time range: only the columns that are named, in their order. */
export function table(words: Omit<Words, 'unit'> & { columns: readonly Column[]; sortBy?: string }): TablePanel {
  const { columns, queries, sortBy } = words;
  const names = columns.map(({ name }) => name);
  return {
    type: 'table',
    ...frame({ width: 24, ...words, unit: 'short' }),
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: 'sm',
      ...(sortBy === undefined ? {} : { sortBy: [{ displayName: sortBy, desc: true }] }),
    },
    fieldConfig: {
      defaults: {
        ...field({ ...words, unit: 'short' }),
        color: { mode: 'thresholds' },
        custom: { align: 'auto', cellOptions: { type: 'auto' }, filterable: true, inspect: false },
      },
      overrides: columns.map(columnOverride),
    },
    transformations: [
      ...(queries.length > 1 ? [{ id: 'merge', options: {} }] : []),
      { id: 'filterFieldsByName', options: { include: { names } } },
      { id: 'organize', options: { indexByName: Object.fromEntries(names.map((name, at) => [name, at])) } },
    ],
    targets: targets(queries, 'table'),
  };
}

function columnOverride({ name, title, unit, steps, mappings, link }: Column) {
  const properties: { id: string; value: unknown }[] = [{ id: 'displayName', value: title }];
  if (unit !== undefined) properties.push({ id: 'unit', value: unit });
  if (steps !== undefined) {
    properties.push({ id: 'thresholds', value: { mode: 'absolute', steps } });
    properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
  }
  if (mappings !== undefined) properties.push({ id: 'mappings', value: mappings });
  if (link !== undefined) properties.push({ id: 'links', value: [{ ...link, targetBlank: true }] });
  return { matcher: { id: 'byName', options: name }, properties };
}

/** The heat strip: a row for each entity, coloured by how rare its score is; a gap is unknown. */
export function strip(words: Omit<Words, 'unit'>): TimelinePanel {
  return {
    type: 'state-timeline',
    ...frame({ width: 24, ...words, unit: 'none' }),
    options: {
      mergeValues: false,
      rowHeight: 0.9,
      showValue: 'never',
      alignValue: 'left',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    fieldConfig: {
      defaults: {
        ...field({ ...words, unit: 'none', steps: stripSteps, min: 0, max: rarityMax, mappings: rarityMappings() }),
        color: { mode: 'thresholds' },
        custom: { fillOpacity: 90, lineWidth: 0 },
      },
      overrides: [],
    },
    targets: targets(words.queries, 'range'),
  };
}

/** States over time, such as 0 and 1, each with a word and a colour. */
export function states(words: Words): TimelinePanel {
  const panel = strip(words);
  return {
    ...panel,
    options: { ...panel.options, mergeValues: true, showValue: 'auto' },
    fieldConfig: {
      defaults: { ...field(words), color: { mode: 'thresholds' }, custom: { fillOpacity: 70, lineWidth: 0 } },
      overrides: [],
    },
  };
}

export interface Section {
  title: string;
  panels: readonly PanelJson[];
}

export function row(title: string, panels: readonly PanelJson[]): Section {
  return { title, panels };
}
