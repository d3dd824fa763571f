// Grafana's published types as plain JSON has them: enums as the strings that they stand for.
import type { Dashboard, FieldConfig, Panel, VariableModel } from '@grafana/schema';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as TimelineField,
  Options as TimelineOptions,
} from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type {
  FieldConfig as TableField,
  Options as TableOptions,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type {
  FieldConfig as LineField,
  Options as LineOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

type Plain<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

/** One PromQL query; the published schema leaves the shape of a query to its data source. */
export interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  range: boolean;
  instant: boolean;
  format: 'time_series' | 'table';
  editorMode: 'code';
}

export type Field = Omit<Plain<FieldConfig>, 'custom' | 'links'> & {
  links?: { title: string; url: string; targetBlank: boolean }[];
};

type PanelOf<Kind extends string, Options, Custom> = Omit<
  Plain<Panel>,
  'type' | 'options' | 'fieldConfig' | 'targets' | 'transformations'
> & {
  type: Kind;
  title: string;
  description: string;
  options: Plain<Options>;
  fieldConfig: {
    defaults: Field & { custom?: Plain<Custom> };
    overrides: { matcher: { id: string; options: string }; properties: { id: string; value?: unknown }[] }[];
  };
  transformations?: { id: string; options: Record<string, unknown> }[];
  targets: Target[];
};

export type LinePanel = PanelOf<'timeseries', LineOptions, LineField>;
export type StatPanel = PanelOf<'stat', StatOptions, object>;
export type TablePanel = PanelOf<'table', TableOptions, TableField>;
export type BarPanel = PanelOf<'bargauge', BarGaugeOptions, object>;
export type TimelinePanel = PanelOf<'state-timeline', TimelineOptions, TimelineField>;
export type PanelJson = LinePanel | StatPanel | TablePanel | BarPanel | TimelinePanel;

export interface RowJson {
  type: 'row';
  id: number;
  title: string;
  collapsed: boolean;
  panels: never[];
  gridPos: { h: number; w: number; x: number; y: number };
}

export type VariableJson = Plain<VariableModel>;

/** The three formats are the Prometheus data source's own; the published schema has the rest. */
export interface AnnotationJson {
  name: string;
  enable: boolean;
  hide?: boolean;
  iconColor: string;
  datasource: { type: string; uid: string };
  target: Target;
  titleFormat: string;
  textFormat: string;
  tagKeys: string;
}

export type DashboardJson = Omit<Plain<Dashboard>, 'panels' | 'annotations' | 'templating'> & {
  uid: string;
  title: string;
  description: string;
  tags: string[];
  panels: (PanelJson | RowJson)[];
  annotations: { list: AnnotationJson[] };
  templating: { list: VariableJson[] };
};
