// An audit log that vanished, was emptied or was cut back is not begun anew in silence.
import { appendFileSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileAnchor } from '../../../../web/server/audit/anchors.ts';
import { openAuditStore } from '../../../../web/server/audit/store.ts';
import { openPlane, type TestPlane } from '../plane.ts';

const logFiles = (folder: string) => ['audit.db', 'audit.db-wal', 'audit.db-shm'].map((name) => join(folder, name));
const removeLog = (folder: string) => {
  for (const path of logFiles(folder)) rmSync(path, { force: true });
};

test.each([
  { given: 'the log gone', harm: removeLog, says: 'though its key is there' },
  {
    given: 'log and key gone',
    harm: (folder: string) => {
      removeLog(folder);
      rmSync(join(folder, 'audit.key'));
    },
    says: 'though there are people',
  },
  {
    given: 'the log emptied',
    harm: (folder: string) => {
      removeLog(folder);
      writeFileSync(join(folder, 'audit.db'), '');
    },
    says: 'missing or empty',
  },
  {
    given: 'people and the log gone, the key kept',
    harm: (folder: string) => {
      for (const name of readdirSync(folder)) if (name !== 'audit.key') rmSync(join(folder, name));
    },
    says: 'first start that was interrupted',
  },
])('$given: the control plane does not start', async ({ harm, says }) => {
  const it = await openPlane();
  await it.plane.close();
  harm(join(it.folder, 'control'));
  await expect(openPlane({ dataFolder: it.folder })).rejects.toThrow(says);
  rmSync(it.folder, { recursive: true, force: true });
});

test('an empty database in the place of the log is refused where there are people', async () => {
  const it = await openPlane();
  await it.plane.close();
  removeLog(join(it.folder, 'control'));
  openAuditStore(join(it.folder, 'control', 'audit.db')).close();
  await expect(openPlane({ dataFolder: it.folder })).rejects.toThrow('holds no record though there are people');
  rmSync(it.folder, { recursive: true, force: true });
});

test('a log put back to an earlier state is refused where a witness knows more of it', async () => {
  const it: TestPlane = await openPlane();
  const { folder } = it;
  const [audit, anchorFile] = [join(folder, 'control', 'audit.db'), join(folder, 'anchors.txt')];
  const anchors = [fileAnchor(anchorFile)];
  await it.plane.close();
  copyFileSync(audit, join(folder, 'earlier.db'));
  const later = await openPlane({ dataFolder: folder, anchors });
  await later.plane.anchor();
  appendFileSync(anchorFile, 'what cannot be read hides nothing\n');
  await later.plane.close();
  const third = await openPlane({ dataFolder: folder, anchors });
  await third.plane.close();
  removeLog(join(folder, 'control'));
  copyFileSync(join(folder, 'earlier.db'), audit);
  await expect(openPlane({ dataFolder: folder, anchors })).rejects.toThrow(/the witness file:.* knows \d+/);
  rmSync(folder, { recursive: true, force: true });
});
