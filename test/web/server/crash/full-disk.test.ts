// F2 on a real, tiny disk: when it is full nothing is changed, reading goes on, and with space it recovers by itself.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPlane } from '../plane.ts';

const folder = mkdtempSync(join(tmpdir(), 'odyssey-full-'));
const mounted = mountSmall();

function mountSmall(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not root: the same is tested with a store that fails
  }
}

/** Takes what is left, down to the last byte. */
function fillUp(path: string): void {
  const file = openSync(path, 'a');
  for (const size of [65_536, 4_096, 512, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch {
      // full for this size: try a smaller one
    }
  }
  closeSync(file);
}

test.skipIf(!mounted)(
  'a full disk changes nothing, keeps answering and recovers within two tries',
  async () => {
    const it = await openPlane({ dataFolder: folder });
    for (let round = 0; round < 3; round++) {
      fillUp(join(folder, 'filler'));
      let refused = 0;
      let made = 0;
      for (let i = 0; i < 60 && refused < 3; i++) {
        const { status } = await it.admin.call('POST', '/environments', { name: `e${round}-${i}` });
        if (status === 201) made += 1;
        else {
          expect(status).toBe(507);
          refused += 1;
        }
        it.pass(2);
      }
      expect(refused).toBe(3);
      const listed = (await it.admin.call('GET', '/environments')).body.items;
      expect(listed.filter(({ name }: { name: string }) => name.startsWith(`e${round}-`))).toHaveLength(made);
      expect((await it.admin.call('GET', '/session')).status).toBe(200);
      it.pass(601); // the access token has ended, and nothing can be written
      expect((await it.admin.call('POST', '/session/refresh')).status).toBe(200);
      expect((await it.admin.call('GET', '/environments')).status).toBe(200);
      rmSync(join(folder, 'filler'));
      it.pass(2);
      expect((await it.admin.call('POST', '/environments', { name: `again-${round}` })).status).toBe(201);
      await it.admin.signIn('root-admin');
    }
    const kinds = (await it.admin.call('GET', '/audit?limit=200')).body.items.map(
      ({ record }: { record: { outcome?: string } }) => record.outcome,
    );
    expect(kinds).toContain('done');
    const export1 = (await it.admin.call('GET', '/audit/export')).text;
    expect(export1.trimEnd().split('\n').length).toBe(it.plane.audit.size + 1); // with the header
    await it.close().catch(() => {}); // the folder itself is a mount point and stays
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  },
  60_000,
);
