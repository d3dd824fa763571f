// Proof of the control plane: the tests of each thing it promises, with more kills, and the figures that a shared machine's tests cannot hold to a bar.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog } from '../../web/server/audit/log.ts';
import { openAuditStore } from '../../web/server/audit/store.ts';
import { newSigningKey, randomBytes, sha256, verifyEd25519 } from '../../web/server/crypto.ts';
import { root } from '../tidy/tree.ts';
import { measureLateness } from '../web/server/live/lateness.ts';
import { barred, type Figure, skipped, told, unmeasured } from './figure.ts';
import { proveStalledReader } from './stalled-reader.ts';
import { runTests, type TestReport } from './vitest-report.ts';

const records = 100_000;
const batch = 200;

export async function run(progress: (line: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'odyssey-prove-'));
  try {
    progress(`appending ${records} records`);
    const audit = await proveAudit(folder);
    progress('200 readers of live updates');
    const live = await proveLive();
    progress('a reader that stalls');
    const stalled = await proveStalledReader();
    progress('the tests of every promise, 50 kills each');
    return [...audit, ...live, ...stalled, ...(await proveTests())];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Appends with a sync for every batch, reopening, and the offline verifier as a person runs it. */
async function proveAudit(folder: string): Promise<Figure[]> {
  const key = newSigningKey();
  const open = () =>
    new AuditLog({
      ...{ sha256, verify: verifyEd25519, key, origin: 'odyssey/audit', defer: setImmediate },
      openStore: () => openAuditStore(join(folder, 'audit.db')),
      salt: () => randomBytes(32),
      isoTime: () => new Date().toISOString(),
      monotonicSeconds: () => performance.now() / 1000,
      onBroken: (reason) => {
        throw reason;
      },
    });
  const log = open();
  const act = { actor: { kind: 'person', id: 'p1' }, action: 'environment:rename', subject: 'environment/e1' } as const;
  const personal = [{ field: 'actorName', person: 'p1', value: 'Somebody' }];
  let began = performance.now();
  for (let i = 0; i < records; i += batch)
    await Promise.all(Array.from({ length: batch }, () => log.note({ ...act, personal }, 'done')));
  const appendRate = records / ((performance.now() - began) / 1000);
  began = performance.now();
  for (let i = 0; i < 500; i++) await log.note(act, 'done');
  const singleRate = 500 / ((performance.now() - began) / 1000);
  writeFileSync(join(folder, 'export.jsonl'), [...log.exportLines(0)].map((line) => `${line}\n`).join(''));
  writeFileSync(join(folder, 'anchors.txt'), log.checkpointFile());
  await log.stop();
  began = performance.now();
  await open().stop();
  const reopenSeconds = (performance.now() - began) / 1000;
  const verifier = join(root, 'web/server/audit/main.ts');
  // The fastest of three: what else the machine does at the time slows one of them, not the verifier.
  const findings: { kind: string; records: number; seconds: number }[] = [];
  for (let run = 0; run < 3; run++) {
    const said = await runNode([verifier, 'verify', join(folder, 'export.jsonl'), join(folder, 'anchors.txt')]);
    findings.push(JSON.parse(said) as (typeof findings)[number]);
  }
  const intact = findings.every(({ kind }) => kind === 'intact') ? Math.min(...findings.map((one) => one.records)) : 0;
  const verifyRate = Math.max(...findings.map((one) => one.records / one.seconds));
  return [
    barred('control-plane.audit.appends_per_second', appendRate, '>=', 2_000, '1/s'),
    told('control-plane.audit.appends_one_by_one_per_second', singleRate, '1/s'),
    barred('control-plane.audit.reopen_seconds', reopenSeconds, '<=', 5, 's'),
    barred('control-plane.audit.intact_records', intact, '==', records + 500),
    barred('control-plane.audit.verified_per_second', verifyRate, '>=', 50_000, '1/s'),
  ];
}

async function proveLive(): Promise<Figure[]> {
  const { received, p99Milliseconds } = await measureLateness(200, 15);
  return [
    barred('control-plane.live.received', received, '>=', 2_400),
    barred('control-plane.live.p99_milliseconds', p99Milliseconds, '<=', 100, 'ms'),
  ];
}

/** What was promised, and the tests that hold it. */
const promises: Readonly<Record<string, readonly string[]>> = {
  'route-matrix': ['web/server/http/matrix.test.ts', 'web/server/http/guard.test.ts', 'web/server/http/route.test.ts'],
  'foreign-environments': [
    'web/server/deployments/foreign.test.ts',
    ...['volumes', 'networks', 'secrets'].map((thing) => `web/server/${thing}/service.test.ts`),
  ],
  'token-forgeries': ['web/server/sessions/access-token.test.ts'],
  'headers-csrf-mass-assignment': ['web/server/http/api.test.ts', 'web/server/http/openapi.test.ts'],
  'sessions-and-second-factor': ['web/server/sessions/sessions.test.ts', 'web/server/sessions/totp.test.ts'],
  'throttling-and-enumeration': ['web/server/sessions/entry.test.ts', 'web/server/http/door.test.ts'],
  'outbound-addresses': ['web/server/outbound/'],
  'tamper-lab': ['web/server/audit/'],
  'kill-audit-append': ['web/server/crash/append.test.ts'],
  'kill-change-and-migration': ['web/server/crash/change.test.ts'],
  'backup-kill-restore': ['web/server/backup/'],
  'full-disk': ['web/server/crash/full-disk.test.ts', 'web/server/crash/full-disk-process.test.ts'],
  'locked-database': ['web/server/crash/locked.test.ts'],
  'records-and-floods': ['web/server/http/records.test.ts', 'web/server/http/refusals.test.ts'],
  erasure: ['web/server/people/erase.test.ts'],
  inbox: ['web/server/alerts/'],
  'live-updates': ['web/server/live/'],
  'read-side': ['web/server/watch/', 'web/server/silences/'],
  broker: ['web/broker/'],
  'docker-socket': ['compose/start/plan.test.ts'],
};

/** One figure a promise: how many of its tests failed, none having run being no success. */
function promiseFigures({ testResults }: TestReport): Figure[] {
  return Object.entries(promises).map(([promise, places]) => {
    const name = `control-plane.promise.${promise}.failed`;
    const files = testResults.filter((file) => places.some((place) => file.name.includes(`/test/${place}`)));
    const statuses = files.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
    if (!statuses.includes('passed')) return unmeasured(name, 'none of its tests ran');
    return barred(name, statuses.filter((status) => status === 'failed').length, '==', 0);
  });
}

/** Not run is not passed: the tests that this machine has no engine or no rights for, by name. */
function unknownTests({ testResults }: TestReport): Figure[] {
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const names = all.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName);
  const reason = `${names.length} not run: ${names.join('; ')}`;
  return names.length === 0 ? [] : [skipped('control-plane.tests.unknown', reason)];
}

async function proveTests(): Promise<Figure[]> {
  const places = [...new Set(Object.values(promises).flat())].map((place) => `test/${place}`);
  const report = await runTests(places, { environment: { ODYSSEY_KILLS: '50' } });
  return [
    // A file that cannot be read, or an error outside every test, fails no test: only this knows of it.
    barred('control-plane.tests.success', report.success ? 1 : 0, '==', 1),
    barred('control-plane.tests.failed', report.numFailedTests, '==', 0),
    told('control-plane.tests.passed', report.numPassedTests),
    ...promiseFigures(report),
    ...unknownTests(report),
  ];
}

function runNode(parameters: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, parameters, { maxBuffer: 1 << 20 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}
