// Engines: what is on the PATH is taken where it serves, and refused with the reason where it does not.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensureEngines } from '../../../compose/engine/engines.ts';

let folder: string;
const path = process.env['PATH'];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odyssey-engines-'));
  mkdirSync(join(folder, 'bin'));
  process.env['PATH'] = join(folder, 'bin'); // no apt-get here: nothing can be downloaded
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, printed: string, code = 0): void {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\necho '${printed}'\nexit ${code}\n`);
  chmodSync(file, 0o755);
}

const find = () => ensureEngines(join(folder, 'engine'), () => {});

describe('engines on the PATH', () => {
  test('those that are new enough serve, also under the name that Debian gives them', async () => {
    put('prometheus', 'prometheus, version 2.42.0+ds (branch: debian/sid)');
    put('prometheus-alertmanager', 'alertmanager, version 0.25.0');
    expect(await find()).toEqual({
      prometheus: {
        kind: 'program',
        program: { path: join(folder, 'bin/prometheus'), cwd: '/', version: '2.42.0+ds' },
      },
      alertmanager: {
        kind: 'program',
        program: { path: join(folder, 'bin/prometheus-alertmanager'), cwd: '/', version: '0.25.0' },
      },
    });
  });

  test.each([
    { given: 'too old', printed: 'prometheus, version 2.31.2', code: 0, says: /2\.31\.2, older than 2\.42/ },
    {
      given: 'one that does not run',
      printed: 'cannot open shared object',
      code: 127,
      says: /does not run: cannot open/,
    },
    { given: 'something else of that name', printed: 'hello', code: 0, says: /does not run: hello/ },
  ])('$given is refused with the reason, and so is a machine without apt', async ({ printed, code, says }) => {
    put('prometheus', printed, code);
    const { prometheus } = await find();
    expect(prometheus).toEqual({ kind: 'missing', reason: expect.stringMatching(says) });
    expect(prometheus).toMatchObject({ reason: expect.stringContaining('there is no apt-get on this machine') });
  });
});
