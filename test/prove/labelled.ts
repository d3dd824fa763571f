// The labelled data and its judges, which lie beside the project and never in it: where they are, and what they say of our scores.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ManifestEntry, parseManifest } from '../../detectors/replay/recording.ts';
import { root } from '../tidy/tree.ts';

const shared = process.env['ODYSSEY_SHARED'] ?? join(root, '../shared');

export const anomalies = {
  manifest: join(shared, 'data/anomaly/dev/manifest.json'),
  judge: join(shared, 'data/anomaly/score.py'),
};
export const commandLines = {
  rows: join(shared, 'data/threats/dev.jsonl'),
  judge: join(shared, 'data/threats/score.py'),
};

export function isThere(data: { judge: string }): boolean {
  return existsSync(data.judge);
}

/** A python3 that has numpy, for the judges; undefined where there is none. */
export async function findPython(): Promise<string | undefined> {
  for (const candidate of ['python3', '/usr/bin/python3']) {
    const answer = await runFile(candidate, ['-c', 'import numpy'], 30).catch(() => undefined);
    if (answer !== undefined) return candidate;
  }
  return undefined;
}

/** Standard output; rejects with the end of standard error when it fails or is late. */
export function runFile(
  file: string,
  args: readonly string[],
  timeoutSeconds: number,
  environment: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: root,
      timeout: timeoutSeconds * 1000,
      maxBuffer: 1 << 26,
      env: { ...process.env, ...environment },
    };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${file} ${args.slice(0, 2).join(' ')}: ${stderr.slice(-400) || error.message}`));
      else resolve(stdout);
    });
  });
}

export interface OrdinaryRows {
  /** Scores of the rows after training that lie in no anomaly, all series together. */
  scores: number[];
  /** Rows among them at which the alert stood at its level or above. */
  alerts: number;
  /** Length of those rows, in days, summed over the series. */
  seriesDays: number;
}

/** Pools what we wrote for the ordinary rows of the named sets. */
export function poolOrdinary(scoresFolder: string, sets: readonly string[]): OrdinaryRows {
  const pooled: OrdinaryRows = { scores: [], alerts: 0, seriesDays: 0 };
  const entries = parseManifest(readFileSync(anomalies.manifest, 'utf8')).filter(({ set }) => sets.includes(set));
  for (const entry of entries) addOrdinary(pooled, scoresFolder, entry);
  return pooled;
}

function addOrdinary(
  pooled: OrdinaryRows,
  scoresFolder: string,
  { set, name, n_train, step_seconds }: ManifestEntry,
): void {
  const packed = readFileSync(join(anomalies.manifest, '..', set, `${name}.csv.gz`));
  const truth = gunzipSync(packed).toString('utf8').trimEnd().split('\n').slice(1);
  const ours = readFileSync(join(scoresFolder, set, `${name}.csv`), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  if (ours.length !== truth.length) throw new Error(`${set}/${name}: ${ours.length} scores for ${truth.length} rows`);
  for (let row = n_train; row < truth.length; row++) {
    if (truth[row]!.endsWith(',1')) continue;
    const [score, alert] = ours[row]!.split(',').map(Number);
    pooled.scores.push(score!);
    if (alert! >= 1) pooled.alerts++;
    pooled.seriesDays += step_seconds / 86_400;
  }
}
