// A log that was put back from a backup is told from a forked one: its own record of the restore explains what the witnesses knew, and no more.
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../web/server/audit/canonical.ts';
import { splitNotes } from '../../../../web/server/audit/checkpoint.ts';
import { restoreIn } from '../../../../web/server/audit/checkpoint-walk.ts';
import { parseHeader } from '../../../../web/server/audit/export.ts';
import { seal } from '../../../../web/server/audit/record.ts';
import { createVerifier, type Finding, readCheckpoints } from '../../../../web/server/audit/verify.ts';
import { sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';
import { anchorFile, exportLines, growLog, newSigner, noteOf, type SampleLog, sampleLog } from './sample-log.ts';

const ports = { sha256, verify: verifyEd25519 };
const signer = newSigner();
const before = sampleLog(80);

/** The first 50 records of `before`, then what is given as the record of a restore, then others up to `count`. */
function restoredLog(detail: { [name: string]: Json }, count: number, action = 'backup:restore'): SampleLog {
  return growLog((i, previousRoot) => {
    if (i < 50) return before.records[i]!;
    const what = i === 50 ? { kind: 'open' as const, action, detail } : { kind: 'note' as const, action: 'a:b' };
    const entry = { ...what, actor: { kind: 'system' as const, id: 'shell' }, subject: 'control-plane' };
    return seal({ sha256, salt: () => new Uint8Array(32) }, entry, {
      seq: i,
      previousRoot,
      time: '2026-01-03T00:00:00Z',
    }).text;
  }, count);
}

function verify(log: SampleLog, notes: readonly string[]): Finding {
  const [header, ...lines] = exportLines(log, signer);
  const anchors = anchorFile(signer, notes);
  const key = signer.verifier;
  const read = readCheckpoints(ports, splitNotes(anchors.slice(anchors.indexOf('\n') + 1)), key, true);
  if ('bad' in read) return read.bad;
  const verifier = createVerifier(ports, parseHeader(header!), { key, checkpoints: read.checkpoints, since: 0 });
  for (const line of lines) verifier.add(line);
  return verifier.finish(true);
}

const told = { restoredAt: 50, witnessed: 80 };
const old = (...sizes: number[]) => sizes.map((size) => noteOf(before, size, signer));
const after = restoredLog(told, 70);
const grown = restoredLog(told, 120);

describe('after a restore', () => {
  test.each([
    { given: 'a witness that knew more than there is', log: after, notes: old(40, 60, 80), kind: 'restored', at: 50 },
    {
      given: 'the log grown beyond it',
      log: grown,
      notes: [...old(60, 80), noteOf(grown, 120, signer)],
      kind: 'restored',
      at: 50,
    },
    {
      given: 'two roots of one size',
      log: grown,
      notes: [...old(60), noteOf(grown, 60, signer)],
      kind: 'restored',
      at: 50,
    },
    {
      given: 'witnesses of the new log alone',
      log: grown,
      notes: [noteOf(grown, 120, signer)],
      kind: 'intact',
      at: undefined,
    },
    { given: 'a witness of the backup alone', log: grown, notes: old(40, 50), kind: 'intact', at: undefined },
  ])('$given → $kind', ({ log, notes, kind, at }) => {
    expect(verify(log, notes)).toMatchObject({ kind, ...(at === undefined ? {} : { firstBad: at }) });
  });
});

describe('what a restore does not explain', () => {
  const forked = restoredLog(told, 120, 'environment:make');
  const less = restoredLog({ restoredAt: 50, witnessed: 60 }, 120);
  const other = sampleLog(120, { variant: 3, from: 30 });
  test.each([
    { given: 'no record of one', log: forked, notes: old(40, 60), kind: 'forked', at: 40 },
    { given: 'a checkpoint beyond what it says was known', log: less, notes: old(40, 60, 80), kind: 'forked', at: 40 },
    { given: 'a change before the backup', log: other, notes: old(20, 40), kind: 'forked', at: 20 },
    {
      given: 'a change after the restore',
      log: grown,
      notes: [noteOf(restoredLog(told, 120, 'x:y'), 110, signer)],
      kind: 'rebuilt',
      at: 0,
    },
    {
      given: 'a tail cut after it',
      log: after,
      notes: [...old(60), noteOf(grown, 100, signer)],
      kind: 'truncated',
      at: 70,
    },
    {
      given: 'the twin of another log',
      log: grown,
      notes: [noteOf(grown, 100, signer), noteOf(other, 100, signer)],
      kind: 'rebuilt',
      at: 0,
    },
  ])('$given → $kind', ({ log, notes, kind, at }) => {
    expect(verify(log, notes)).toMatchObject({ kind, firstBad: at });
  });
});

test.each([
  { given: 'a restore', record: {}, gives: told },
  { given: 'its end', record: { kind: 'close' } },
  { given: 'another act', record: { action: 'audit:export' } },
  { given: 'one that lost nothing', record: { detail: { restoredAt: 50, witnessed: null } } },
  { given: 'one that speaks of records after itself', record: { detail: { restoredAt: 51, witnessed: 80 } } },
])('$given', ({ record, gives }) => {
  const whole = { seq: 50, previousRoot: '', kind: 'open', action: 'backup:restore', detail: told, ...record };
  expect(restoreIn(whole)).toEqual(gives);
});
