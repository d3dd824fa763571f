// Backup and restore through the commands: made in use, verified, refused when torn or changed, the same people and log afterwards.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileAnchor } from '../../../../web/server/audit/anchors.ts';
import { checkBackup } from '../../../../web/server/backup/backup.ts';
import { openPlane, password, type TestPlane } from '../plane.ts';

let it: TestPlane;
let outside: string;
beforeEach(async () => {
  it = await openPlane();
  outside = mkdtempSync(join(tmpdir(), 'odyssey-backup-'));
});
afterEach(async () => {
  rmSync(outside, { recursive: true, force: true });
});

/** Runs one of our commands on a data folder; its exit status and what it said. */
function command(program: string, dataFolder: string, ...parameters: string[]) {
  return commandWith({}, program, dataFolder, ...parameters);
}

function commandWith(settings: Record<string, string>, program: string, dataFolder: string, ...parameters: string[]) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../../../web/server', program, 'main.ts'), ...parameters],
    {
      env: { ...process.env, ODYSSEY_DATA: dataFolder, WEB_AUDIT_ORIGIN: 'odyssey.test/audit', ...settings },
    },
  );
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  return {
    child,
    done: new Promise<{ status: number | null; said: string }>((resolve) =>
      child.on('close', (status) => resolve({ status, said })),
    ),
  };
}

test('wiped and restored: the same people, settings and audit log, which verifies; nobody is signed in', async () => {
  await it.person('kept', [{ environment: '*', role: 'operator' }]);
  await it.admin.call('PATCH', `/environments/${it.defaultEnvironment}`, { name: 'production', colour: 'red' });
  const before = (await it.admin.call('GET', '/audit?limit=1')).body.items[0];
  const made = await command('backup', it.folder, join(outside, 'b1')).done;
  expect(made).toMatchObject({ status: 0, said: expect.stringContaining('verified backup') });
  await it.admin.call('POST', '/environments', { name: 'after the backup' });
  expect((await command('restore', it.folder, join(outside, 'b1')).done).said).toContain('stop it first');
  const cookies = new Map(it.admin.cookies);
  await it.plane.close();
  rmSync(join(it.folder, 'control'), { recursive: true });
  const restored = await command('restore', it.folder, join(outside, 'b1')).done;
  expect(restored).toMatchObject({ status: 0, said: expect.stringContaining('Restored and verified') });

  const again = await openPlane({ dataFolder: it.folder });
  const people = (await again.admin.call('GET', '/people')).body.items;
  expect(people.map(({ name }: { name: string }) => name)).toEqual(['kept', 'root-admin']);
  const environments = (await again.admin.call('GET', '/environments')).body.items;
  expect(environments).toMatchObject([{ name: 'production', colour: 'red' }]);
  const records = (await again.admin.call('GET', '/audit?limit=200')).body.items;
  expect(records.find(({ seq }: { seq: number }) => seq === before.seq)).toEqual(before);
  expect(records.some(({ record }: { record: { action: string } }) => record.action === 'backup:restore')).toBe(true);
  const signedInBefore = again.caller();
  signedInBefore.cookies = cookies;
  expect((await signedInBefore.call('GET', '/session')).status).toBe(401);
  await again.close();
}, 30_000);

test.each([
  { given: 'a changed byte', harm: (folder: string) => flip(join(folder, 'audit.db'), 5_000) },
  { given: 'a missing file', harm: (folder: string) => rmSync(join(folder, 'odyssey.db')) },
  {
    given: 'a torn file',
    harm: (folder: string) =>
      writeFileSync(join(folder, 'odyssey.db'), readFileSync(join(folder, 'odyssey.db')).subarray(0, 9_000)),
  },
  {
    given: 'a manifest of another backup',
    harm: (folder: string) => edit(join(folder, 'manifest.json'), /"root": "../, '"root": "00'),
  },
])(
  'a backup with $given is refused, and the data stays',
  async ({ harm }) => {
    await command('backup', it.folder, join(outside, 'b1')).done;
    harm(join(outside, 'b1'));
    await it.plane.close();
    const { status } = await command('restore', it.folder, join(outside, 'b1')).done;
    expect(status).not.toBe(0);
    expect(existsSync(join(it.folder, 'control', 'odyssey.db'))).toBe(true);
    rmSync(it.folder, { recursive: true, force: true });
  },
  30_000,
);

test('what was revoked or used after the backup does not come back', async () => {
  const token = { name: 'ci', permissions: ['environment:read'], days: 9 };
  const made = await it.admin.call('POST', '/me/tokens', token);
  const invited = await it.admin.call('POST', '/invitations', { grants: [{ environment: '*', role: 'admin' }] });
  await command('backup', it.folder, join(outside, 'b1')).done;
  await it.admin.call('DELETE', `/me/tokens/${made.body.id}`);
  await it.admin.call('DELETE', `/invitations/${invited.body.id}`);
  await it.plane.close();
  const { status, said } = await command('restore', it.folder, join(outside, 'b1')).done;
  expect({ status, said }).toMatchObject({
    status: 0,
    said: expect.stringContaining('1 API tokens and 1 invitations of the backup were removed'),
  });
  const again = await openPlane({ dataFolder: it.folder });
  const bearer = { authorization: `Bearer ${made.body.token}` };
  expect((await again.caller().call('GET', '/environments', undefined, bearer)).status).toBe(401);
  const acceptance = { token: invited.body.token, name: 'late', password };
  expect((await again.caller().call('POST', '/invitations/accept', acceptance)).status).toBe(403);
  await again.close();
}, 30_000);

test('a backup that the anchor file has outgrown needs --force, which puts the file aside and records it', async () => {
  const anchorFile = join(outside, 'anchors.txt');
  const settings = { WEB_AUDIT_ANCHOR_FILE: anchorFile };
  await command('backup', it.folder, join(outside, 'b1')).done;
  await it.admin.call('POST', '/environments', { name: 'after the backup' });
  writeFileSync(anchorFile, it.plane.audit.checkpointFile());
  appendFileSync(anchorFile, `${it.plane.audit.checkpoint().note}\n`);
  const witnessed = it.plane.audit.size;
  await it.plane.close();
  const refused = await commandWith(settings, 'restore', it.folder, join(outside, 'b1')).done;
  expect(refused).toMatchObject({ status: 1, said: expect.stringContaining('Nothing was changed') });
  const before = readFileSync(anchorFile, 'utf8');
  expect((await commandWith(settings, 'restore', it.folder, join(outside, 'b1'), '--force').done).status).toBe(0);
  expect(readdirSync(outside).filter((name) => name.startsWith('anchors.txt'))).toEqual([
    expect.stringMatching(/^anchors\.txt\.before-/),
  ]);
  const again = await openPlane({ dataFolder: it.folder, anchors: [fileAnchor(anchorFile)] });
  const [{ record }] = (await again.admin.call('GET', '/audit?action=backup:restore&limit=2')).body.items.slice(1);
  expect(record.detail).toMatchObject({ witnessed });
  await again.plane.anchor();
  writeFileSync(join(outside, 'export.jsonl'), (await again.admin.call('GET', '/audit/export')).text);
  await again.close();
  const against = (notes: string) => {
    writeFileSync(join(outside, 'kept.txt'), notes);
    const files = [join(outside, 'export.jsonl'), join(outside, 'kept.txt')];
    return command('audit', outside, 'verify', ...files).done;
  };
  // Whoever kept the old checkpoints is told of the restore, not of a fork.
  const told = expect.stringContaining('"kind":"restored"');
  expect(await against(before)).toMatchObject({ status: 1, said: told });
  const notes = readFileSync(anchorFile, 'utf8');
  expect(await against(before + notes.slice(notes.indexOf('\n') + 1))).toMatchObject({ status: 1, said: told });
  expect((await against(notes)).said).toContain('"kind":"intact"');
}, 60_000);

test('killed at random moments, a backup is either whole or not there; the next one succeeds', async () => {
  const kills = Number(process.env['ODYSSEY_KILLS'] ?? 6);
  for (let i = 0; i < kills; i++) {
    const { child, done } = command('backup', it.folder, join(outside, `k${i}`));
    setTimeout(() => child.kill('SIGKILL'), 60 + (i * 360) / kills);
    await done;
    if (existsSync(join(outside, `k${i}`))) checkBackup(join(outside, `k${i}`));
  }
  expect((await command('backup', it.folder, join(outside, 'last')).done).status).toBe(0);
  expect((await command('backup', it.folder, join(outside, 'last')).done).said).toContain('there already');
  checkBackup(join(outside, 'last'));
  await it.close();
}, 300_000);

test('an interrupted restore keeps the server from starting as if it were new', async () => {
  await it.plane.close();
  cpSync(join(it.folder, 'control'), join(it.folder, 'control.restoring'), { recursive: true });
  rmSync(join(it.folder, 'control'), { recursive: true });
  await expect(openPlane({ dataFolder: it.folder })).rejects.toThrow('restore did not end');
  expect(readdirSync(it.folder)).toContain('control.restoring');
  rmSync(it.folder, { recursive: true, force: true });
});

test('a lost password is reset from the shell, recorded, with every session ended', async () => {
  await it.person('forgetful', []);
  expect((await command('admin', it.folder, 'reset', 'forgetful').done).said).toContain('stop it first');
  await it.plane.close();
  const { status, said } = await command('admin', it.folder, 'reset', 'forgetful').done;
  expect(status).toBe(0);
  expect(/New password of forgetful: (\S{43})/.exec(said)).not.toBeNull();
  expect(said).not.toContain(password);
  expect((await command('admin', it.folder, 'reset', 'nobody').done).status).toBe(1);
  rmSync(it.folder, { recursive: true, force: true });
}, 30_000);

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

function edit(path: string, from: RegExp, to: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}
