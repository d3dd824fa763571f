// A sample: one number that a source read, under its metric's name and labels.

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  name: string;
  labels: Labels;
  value: number;
}

/** The samples of a histogram bear its name with `_bucket`, `_sum` or `_count` behind it. */
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'untyped';

/** What a metric is, said once beside the source that reads it. */
export interface Metric {
  name: string;
  type: MetricType;
  help: string;
}

export function gauge(name: string, help: string): Metric {
  return { name, type: 'gauge', help };
}

export function counter(name: string, help: string): Metric {
  return { name, type: 'counter', help };
}

export function histogram(name: string, help: string): Metric {
  return { name, type: 'histogram', help };
}

export function untyped(name: string, help: string): Metric {
  return { name, type: 'untyped', help };
}

const none: Labels = Object.freeze({});

export function sample(name: string, value: number, labels: Labels = none): Sample {
  return { name, labels, value };
}
