// What a person does to the appliance from the host's shell, in the very words of the README: back up, restore, a new password.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../../compose/place.ts';
import { inspect } from './containers.ts';
import { type Admin, until } from './person.ts';
import type { Appliance } from './stack.ts';

const oneOff = ['run', '--rm', '--no-deps'];

export function describeOperations(appliance: Appliance, admin: Admin): void {
  const words = (line: string): string[] => {
    const written = readFileSync(join(root, 'README.md'), 'utf8').split('\n');
    expect(
      written.some((one) => one.includes(`docker compose ${line}`)),
      `the README has: ${line}`,
    ).toBe(true);
    return line.split(' ');
  };

  describe('from the shell of the host', () => {
    const folder = appliance.engine.folder;

    test('a backup is made while all runs, and taken out', async () => {
      const made = await appliance.compose(
        ...words('exec control-plane node web/server/backup/main.ts /data/backups/monday').toSpliced(1, 0, '-T'),
      );
      expect(made).toContain('holds a verified backup');
      const [copy, from] = words('cp control-plane:/data/backups/monday ./monday');
      await appliance.compose(copy!, from!, join(folder, 'monday'));
      expect(JSON.parse(readFileSync(join(folder, 'monday/manifest.json'), 'utf8'))).toMatchObject({ format: 1 });
      await appliance.compose('exec', '-T', 'control-plane', 'rm', '-r', '/data/backups/monday');
    });

    test('while the control plane runs nothing is restored and nobody’s password is reset', async () => {
      for (const program of ['web/server/restore/main.ts /data/backups/monday', 'web/server/admin/main.ts reset ada'])
        await expect(
          appliance.compose(...words(`run --rm --no-deps control-plane ${program}`)),
          program,
        ).rejects.toMatchObject({ stderr: expect.stringContaining('Nothing was done') });
    });

    test('with it stopped the backup is put back and the admin has a new password', { timeout: 200_000 }, async () => {
      await appliance.compose(...words('stop control-plane'));
      const packed = execFileSync('tar', ['-C', folder, '-c', 'monday'], { maxBuffer: 1 << 28 });
      rmSync(join(folder, 'monday'), { recursive: true });
      await appliance.composeWith(
        packed,
        ...words(`${oneOff.join(' ')} -T --entrypoint tar control-plane -x -C /data/backups`),
      );
      const restored = await appliance.compose(
        ...words(`${oneOff.join(' ')} control-plane web/server/restore/main.ts /data/backups/monday`),
      );
      expect(restored).toContain('audit records');
      const reset = await appliance.compose(
        ...words(`${oneOff.join(' ')} control-plane web/server/admin/main.ts reset ada`),
      );
      const password = /New password of ada: (\S+)/.exec(reset)?.[1];
      await appliance.compose(...words('start control-plane'));
      const health = async () => (await inspect(appliance, 'control-plane')).State.Health?.Status;
      expect(await until(health, (status) => status === 'healthy')).toBe('healthy');
      expect((await admin.call('POST', '/session', { name: 'ada', password })).status).toBe(200);
    });

    test('there is no account that somebody could guess', async () => {
      for (const name of ['admin', 'root', 'odyssey', 'grafana'])
        expect((await admin.call('POST', '/session', { name, password: name })).status, name).toBe(401);
    });
  });
}
