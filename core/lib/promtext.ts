// The Prometheus text exposition, format 0.0.4: escaping, label cutting and rendering of samples grouped by metric.
import type { Labels, Metric, Sample } from '../contracts/sample.ts';

/** Longest label value that is exported, in UTF-16 units; longer ones are cut and end in "…". */
export const labelLengthMax = 512;

/**
 * Renders the samples of the listed metrics; samples of a metric that is not listed are an error of the caller and throw.
 * Source: prometheus.io/docs/instrumenting/exposition_formats. Cost: one pass over the samples, one string a line.
 */
export function renderExposition(metrics: readonly Metric[], samples: readonly Sample[]): string {
  const byName = new Map<string, string[]>();
  for (const metric of metrics) {
    const lines: string[] = [];
    for (const name of sampleNames(metric)) byName.set(name, lines);
  }
  for (const { name, labels, value } of samples) {
    const lines = byName.get(name);
    if (lines === undefined) throw new Error(`sample of an undeclared metric: ${name}`);
    lines.push(`${name}${renderLabels(labels)} ${renderValue(value)}\n`);
  }
  let text = '';
  for (const metric of metrics) {
    const lines = byName.get(sampleNames(metric)[0]!)!;
    if (lines.length === 0) continue;
    text += `# HELP ${metric.name} ${escapeHelp(metric.help)}\n# TYPE ${metric.name} ${metric.type}\n`;
    text += lines.join('');
    lines.length = 0; // a metric listed twice is written once
  }
  return text;
}

function sampleNames({ name, type }: Metric): string[] {
  return type === 'histogram' ? ['_bucket', '_sum', '_count'].map((ending) => name + ending) : [name];
}

function renderLabels(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '{' : ','}${name}="${escapeLabel(labels[name]!)}"`;
  return text === '' ? '' : `${text}}`;
}

/** A label value made safe: valid UTF-8, at most `labelLengthMax` long, backslash, quote and newline escaped. */
export function escapeLabel(value: string): string {
  if (/^[\w ./:@=,+-]{0,256}$/.test(value)) return value;
  const whole = value.length > labelLengthMax ? `${value.slice(0, labelLengthMax - 1)}…` : value;
  return whole.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function renderValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
