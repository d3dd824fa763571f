// An audit log that vanished, was emptied or was cut back is not begun anew in silence.
import { appendFileSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configuredAnchors, fileAnchor } from '../../../../web/server/audit/anchors.ts';
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

/** A witness that keeps what is posted and gives it back; `status` is its answer to being asked. */
async function openWitness(status = 200) {
  const notes: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') return response.writeHead(status).end(notes.map((note) => `${note}\n`).join(''));
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      notes.push(body);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/notes`;
  return { notes, url, anchors: configuredAnchors({ anchorFile: '', anchorUrl: url }), close: () => server.close() };
}

test('a witness over HTTP is asked at the start, and refuses a log put back to an earlier state', async () => {
  const witness = await openWitness();
  const it = await openPlane();
  const audit = join(it.folder, 'control', 'audit.db');
  await it.plane.close();
  copyFileSync(audit, join(it.folder, 'earlier.db'));
  const later = await openPlane({ dataFolder: it.folder, anchors: witness.anchors });
  await later.plane.anchor();
  await later.plane.close();
  expect(witness.notes).toHaveLength(1);
  await (await openPlane({ dataFolder: it.folder, anchors: witness.anchors })).plane.close();
  removeLog(join(it.folder, 'control'));
  copyFileSync(join(it.folder, 'earlier.db'), audit);
  const again = openPlane({ dataFolder: it.folder, anchors: witness.anchors });
  await expect(again).rejects.toThrow(/the witness http:.* knows \d+/);
  witness.close();
  rmSync(it.folder, { recursive: true, force: true });
}, 30_000);

test('a log that went another way from an earlier state on is refused, however long it is by now', async () => {
  const witness = await openWitness();
  const it = await openPlane();
  const audit = join(it.folder, 'control', 'audit.db');
  await it.plane.close();
  copyFileSync(audit, join(it.folder, 'earlier.db'));
  const witnessed = await openPlane({ dataFolder: it.folder, anchors: witness.anchors });
  await witnessed.plane.anchor();
  await witnessed.plane.close();
  removeLog(join(it.folder, 'control'));
  copyFileSync(join(it.folder, 'earlier.db'), audit);
  const forked = await openPlane({ dataFolder: it.folder });
  for (let i = 0; i < 5; i++) await forked.admin.call('POST', '/environments', { name: `fork ${i}` });
  await forked.plane.close();
  const again = openPlane({ dataFolder: it.folder, anchors: witness.anchors });
  await expect(again).rejects.toThrow('is not the log whose first');
  witness.close();
  rmSync(it.folder, { recursive: true, force: true });
}, 30_000);

test.each([
  { given: 'does not answer', status: undefined, warns: true },
  { given: 'answers with an error', status: 500, warns: true },
  { given: 'takes notes and gives none back', status: 405, warns: false },
])('a witness that $given keeps nobody from starting; warned of: $warns', async ({ status, warns }) => {
  const witness = await openWitness(status);
  if (status === undefined) witness.close();
  const it = await openPlane({ anchors: witness.anchors });
  expect(it.logged.some((line) => line.includes('does not answer'))).toBe(warns);
  if (status !== undefined) witness.close();
  await it.close();
});
