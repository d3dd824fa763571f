// The log that verifies itself: intact, changed behind its back, and two people who ask at once.
import { expect, test } from 'vitest';
import { SelfCheck } from '../../../../web/server/audit/self-check.ts';
import { sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';
import { anchorFile, changed, exportLines, newSigner, noteOf, relined, sampleLog } from './sample-log.ts';

const signer = newSigner();
const size = 1_200;
const log = sampleLog(size);

function checkOf(change: (lines: string[]) => string[] = (lines) => lines) {
  let rests = 0;
  let reads = 0;
  const check = new SelfCheck({
    ...{ sha256, verify: verifyEd25519, unixSeconds: () => 77 },
    rest: async () => {
      rests += 1;
    },
    log: {
      checkpointFile: () => anchorFile(signer, [noteOf(log, 600, signer), noteOf(log, size, signer)]),
      *exportLines() {
        reads += 1;
        yield* change(exportLines(log, signer));
      },
    },
  });
  return { check, seen: () => ({ rests, reads }) };
}

test('a sound log is verified to its end, and others have their turn meanwhile', async () => {
  const { check, seen } = checkOf();
  expect(await check.run()).toEqual({ size, atSeconds: 77, damage: null });
  expect(check.last).toEqual({ size, atSeconds: 77, damage: null });
  expect(seen().rests).toBe(2);
});

test('a record that was changed in the store is named', async () => {
  const { check } = checkOf((lines) =>
    lines.with(301, relined(300, changed(log.records[300]!, { subject: 'environment/other' }))),
  );
  expect((await check.run()).damage).toMatchObject({ kind: 'edited', firstBad: 300 });
});

test('a record that is gone is named', async () => {
  const { check } = checkOf((lines) => lines.toSpliced(11, 1));
  expect((await check.run()).damage).toMatchObject({ kind: 'deleted', firstBad: 10 });
});

test('two who ask at once are given what comes of one run; the next is a run of its own', async () => {
  const { check, seen } = checkOf();
  expect(check.last).toBeUndefined();
  const [one, other] = await Promise.all([check.run(), check.run()]);
  expect(one).toBe(other);
  expect(seen().reads).toBe(1);
  await check.run();
  expect(seen().reads).toBe(2);
});
