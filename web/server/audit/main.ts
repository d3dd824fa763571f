// The offline verifier's command: needs an export and the anchored checkpoints, no server, no database, no network.
import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sha256, verifyEd25519 } from '../crypto.ts';
import { parseVerifierKey, splitNotes, type VerifierKey } from './checkpoint.ts';
import { parseHeader, parsePartHeader } from './export.ts';
import { createVerifier, type Finding, readCheckpoints, type Verifier } from './verify.ts';
import { createPartVerifier } from './verify-part.ts';

const usage = `usage: npm run -s audit -- verify EXPORT CHECKPOINTS [--since N] [--key KEY]

  EXPORT       the log as exported: a header line, then one record a line
  CHECKPOINTS  the anchor file: the verifier key on its first line, then signed checkpoints
  --since N    records before N were verified earlier
  --key KEY    trust this verifier key instead of the one that the file names
`;

const ports = { sha256, verify: verifyEd25519 };

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { since: { type: 'string', default: '0' }, key: { type: 'string' } },
  });
  const [command, exportPath, checkpointsPath, ...rest] = positionals;
  const since = Number(values.since);
  const usable = command === 'verify' && rest.length === 0 && Number.isSafeInteger(since) && since >= 0;
  if (!usable || exportPath === undefined || checkpointsPath === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const started = performance.now();
  const finding = await verifyFiles(exportPath, checkpointsPath, since, values.key);
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${JSON.stringify({ ...finding, seconds: Number(seconds.toFixed(3)) })}\n`);
  if (finding.kind !== 'intact') return 1;
  if (finding.unanchored > 0) process.stderr.write(unanchoredText(finding.unanchored, finding.anchoredTo));
  return 0;
}

function unanchoredText(records: number, anchoredTo: number): string {
  return `${records} records are beyond what was compared with a checkpoint kept outside (${anchoredTo}): nothing but the export vouches for them.\n`;
}

async function verifyFiles(exportPath: string, checkpointsPath: string, since: number, keyText?: string) {
  const text = readFileSync(checkpointsPath, 'utf8');
  const firstLine = text.slice(0, text.indexOf('\n'));
  const key = trustedKey(keyText ?? firstLine);
  if (key === undefined) return edited('the verifier key cannot be read');
  const read = readCheckpoints(ports, splitNotes(text.slice(firstLine.length + 1)), key, true);
  if ('bad' in read) return read.bad;
  if (!read.checkpoints.some(({ size }) => size > 0)) return nothingAnchored;
  let verifier: Verifier | undefined;
  let whole = true;
  for await (const { line, ended } of readLines(exportPath)) {
    whole = ended;
    if (verifier !== undefined) verifier.add(line);
    else {
      verifier = verifierFor(line, { key, checkpoints: read.checkpoints, since });
      if (verifier === undefined) return edited('the header of the export cannot be read');
    }
  }
  return verifier?.finish(whole) ?? edited('the export is empty');
}

const nothingAnchored: Finding = {
  kind: 'unanchored',
  firstBad: 0,
  reason: 'the checkpoint file holds no checkpoint that speaks of a record',
};

function edited(reason: string): Finding {
  return { kind: 'edited', firstBad: 0, reason };
}

function trustedKey(text: string): VerifierKey | undefined {
  try {
    return parseVerifierKey(sha256, text);
  } catch {
    return undefined; // reported as damage by the caller
  }
}

/** The header says whether this is the log from a record on or a part of it. */
function verifierFor(line: string, trust: Parameters<typeof createVerifier>[2]): Verifier | undefined {
  try {
    const part = parsePartHeader(line);
    if (part !== undefined) return createPartVerifier(ports, part, trust);
    return createVerifier(ports, parseHeader(line), trust);
  } catch {
    return undefined; // reported as damage by the caller
  }
}

/** Lines of a file as they stand; bytes that are not UTF-8 become U+FFFD, which no hash survives. */
async function* readLines(path: string): AsyncGenerator<{ line: string; ended: boolean }> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield { line, ended: true };
  }
  if (rest !== '') yield { line: rest, ended: false };
}

try {
  process.exitCode = await main();
} catch (error) {
  const { code, syscall, path = 'One of the files' } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  const what = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
  process.stderr.write(`${path} ${what}; nothing was verified.\n`);
  process.exitCode = 2;
}
