// Reads the Prometheus text exposition that other programs leave in files.
import { type Metric, type MetricType, type Sample, sample } from '../core/contracts/sample.ts';
import { columnsOf } from './procfs.ts';

export interface Exposition {
  metrics: Metric[];
  samples: Sample[];
}

const namePart = /[a-zA-Z_:][\w:]*/y;
const labelPart = /\s*([a-zA-Z_]\w*)\s*=\s*"([^"\\]*(?:\\.[^"\\]*)*)"\s*([,}])/y;

/**
 * Each sample name becomes a metric of its own; parts of histograms and summaries are untyped. Timestamps are left
 * out. Throws on a line that is none of the format, naming it. Linear in the length of the text.
 */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, MetricType>();
  const helps = new Map<string, string>();
  const samples: Sample[] = [];
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      const [, keyword, name, rest = ''] = /^#\s*(TYPE|HELP)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
      if (keyword === 'TYPE' && (rest === 'counter' || rest === 'gauge')) types.set(name!, rest);
      if (keyword === 'HELP') helps.set(name!, rest);
      continue;
    }
    samples.push(parseSample(line, at + 1));
  }
  const names = new Set(samples.map(({ name }) => name));
  const metrics = [...names].map((name): Metric => {
    return { name, type: types.get(name) ?? 'untyped', help: helps.get(name) ?? name };
  });
  return { metrics, samples };
}

function parseSample(line: string, number: number): Sample {
  namePart.lastIndex = 0;
  const name = namePart.exec(line)?.[0];
  if (name === undefined) throw new Error(`line ${number} is not of the text format`);
  const open = /\S/.exec(line.slice(name.length, name.length + 8))?.[0] === '{' ? line.indexOf('{') + 1 : 0;
  const labels: Record<string, string> = {};
  const end = open === 0 ? name.length : parseLabels(line, open, labels, number);
  const [value, timestamp, ...rest] = columnsOf(line.slice(end));
  if (value === undefined || rest.length > 0 || !/^-?\d*$/.test(timestamp ?? '')) {
    throw new Error(`line ${number} is not of the text format`);
  }
  return sample(name, parseValue(value, number), labels);
}

/** Fills `labels` from the text behind the brace; where the text behind the closing one begins. */
function parseLabels(line: string, open: number, labels: Record<string, string>, number: number): number {
  const empty = /^\s*\}/.exec(line.slice(open, open + 8));
  if (empty !== null) return open + empty[0].length;
  labelPart.lastIndex = open;
  for (;;) {
    const found = labelPart.exec(line);
    if (found === null) throw new Error(`line ${number} has broken labels`);
    labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
    if (found[3] === '}') return labelPart.lastIndex;
    if (line[labelPart.lastIndex] === '}') return labelPart.lastIndex + 1; // a comma may stand behind the last label
  }
}

function parseValue(text: string, number: number): number {
  const infinite = /^([+-]?)inf$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (Number.isNaN(value) && text.toLowerCase() !== 'nan') throw new Error(`line ${number} has no number`);
  return value;
}
