// The text of a recorded series: rows of comma-separated numbers in, scores out.
import { parseNumber } from '../../core/lib/parse.ts';
import type { Recording, ReplayResult } from './replay.ts';

/** What a manifest says of one series. */
export interface ManifestEntry {
  set: string;
  name: string;
  rows: number;
  n_train: number;
  step_seconds: number;
}

/** Parses a manifest; throws a sentence for an entry that lacks something. */
export function parseManifest(text: string): ManifestEntry[] {
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) throw new Error('The manifest is not a list of series.');
  return entries.map((entry: Partial<ManifestEntry>, index) => {
    const { set, name, rows, n_train, step_seconds } = entry;
    if (typeof set !== 'string' || typeof name !== 'string' || !/^[\w.-]+$/.test(set) || !/^[\w.-]+$/.test(name)) {
      throw new Error(`Series ${index} of the manifest has no usable set and name.`);
    }
    if (typeof rows !== 'number' || typeof n_train !== 'number' || typeof step_seconds !== 'number') {
      throw new Error(`Series ${set}/${name} of the manifest lacks rows, n_train or step_seconds.`);
    }
    return { set, name, rows, n_train, step_seconds };
  });
}

/**
 * Parses `timestamp,v0[,v1…],label`; the label is not read, a field that is empty is a gap. Rows are taken as evenly spaced
 * from the first timestamp on, as a row-wise stream is: the recorded series repeat and skip timestamps.
 */
export function parseRecording(text: string, entry: ManifestEntry): Recording {
  const lines = text.trimEnd().split('\n');
  const names = (lines[0] ?? '').trim().split(',');
  if (names[0] !== 'timestamp' || names.length < 2) throw new Error(`${entry.set}/${entry.name} has no header.`);
  const last = names.at(-1) === 'label' ? names.length - 1 : names.length;
  const rows = lines.length - 1;
  const channels = Array.from({ length: last - 1 }, () => new Float64Array(rows));
  let startSeconds = 0;
  for (let row = 0; row < rows; row++) {
    const fields = lines[row + 1]!.split(',');
    if (row === 0) startSeconds = parseNumber(fields[0]!);
    for (let channel = 0; channel + 1 < last; channel++) {
      const field = fields[channel + 1];
      channels[channel]![row] = field === undefined || field === '' ? Number.NaN : Number(field);
    }
  }
  return { startSeconds, stepSeconds: entry.step_seconds, channels, trainingRows: entry.n_train };
}

/** `score,alert`, one line a row, both empty before the first scored row. Numbers in full: a tail must keep its order. */
export function formatResult({ score, alert }: ReplayResult): string {
  const lines = ['score,alert'];
  for (let row = 0; row < score.length; row++) {
    lines.push(Number.isNaN(score[row]!) ? ',' : `${score[row]},${alert[row]}`);
  }
  return `${lines.join('\n')}\n`;
}
