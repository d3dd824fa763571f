// F1, D6: the audit log is killed at random moments and what had not been synced is dropped; it reopens and nothing acknowledged is lost.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/lib/random.ts';
import { AuditLog } from '../../../../web/server/audit/log.ts';
import { openAuditStore } from '../../../../web/server/audit/store.ts';
import { newSigningKey, randomBytes, sha256, verifyEd25519 } from '../../../../web/server/crypto.ts';

const kills = Number(process.env['ODYSSEY_KILLS'] ?? 12);

/** Runs the appender for a while, kills it, and says what it had acknowledged by then. */
function appendAndKill(folder: string, milliseconds: number): Promise<{ size: number; walBytes: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'appender', 'main.ts'), folder]);
    let heard = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      if (heard === '') setTimeout(() => child.kill('SIGKILL'), milliseconds);
      heard += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.on('close', () => {
      const whole = heard.slice(0, heard.lastIndexOf('\n')).split('\n').at(-1)!;
      const [size, walBytes] = whole.split(' ').map(Number);
      if (size) resolve({ size, walBytes: walBytes! });
      else reject(new Error(`the appender said nothing: ${complaint}`));
    });
  });
}

test(`killed ${kills} times: reopens in under 5 s with every acknowledged record, and the chain verifies`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-kill-'));
  const random = createRandom(7);
  const key = newSigningKey();
  writeFileSync(join(folder, 'audit.key'), key.pem, { mode: 0o600 });
  for (let i = 0; i < kills; i++) {
    const { size, walBytes } = await appendAndKill(folder, random() * 120);
    const wal = join(folder, 'audit.db-wal');
    if (statSync(wal).size > walBytes) truncateSync(wal, walBytes); // what the disk never promised
    const started = performance.now();
    const log = new AuditLog({
      sha256,
      verify: verifyEd25519,
      openStore: () => openAuditStore(join(folder, 'audit.db')),
      key,
      origin: 'odyssey.test/audit',
      salt: () => randomBytes(32),
      isoTime: () => '2026-01-02T03:04:05.000Z',
      monotonicSeconds: () => performance.now() / 1000,
      defer: setImmediate,
      onBroken: (reason) => {
        throw reason;
      },
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(log.size).toBeGreaterThanOrEqual(size);
    expect(log.store.pending().length).toBeLessThanOrEqual(7);
    await log.stop();
  }
  rmSync(folder, { recursive: true, force: true });
}, 120_000);
