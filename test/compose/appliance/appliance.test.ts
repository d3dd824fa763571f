// The whole appliance from its own compose file on a real engine: healthy, scraped, scoring, hardened, and back after every crash.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseSize } from '../../../compose/start/retention.ts';
import { inspect } from './containers.ts';
import { describeOperations } from './operations.ts';
import { Admin, ask, until } from './person.ts';
import { describeReach } from './reach.ts';
import { describeRights } from './rights.ts';
import { type Appliance, startAppliance } from './stack.ts';

const started = await startAppliance();
const services = ['broker', 'collector', 'control-plane', 'detectors', 'prometheus', 'alertmanager'];

interface Target {
  labels: Record<string, string>;
  health: string;
}

vi.setConfig({ testTimeout: 100_000 });

describe.skipIf(started.kind === 'absent')(
  started.kind === 'absent' ? `the appliance (left out: ${started.reason})` : 'the appliance',
  () => {
    const { appliance } = started as Extract<typeof started, { kind: 'appliance' }>;
    beforeAll(async () => {
      await appliance.compose('build');
      await appliance.compose('up', '-d', '--wait');
    }, 300_000);
    afterAll(() => appliance.stop());

    test.each([{ profiles: [] }, { profiles: ['grafana'] }, { profiles: ['gpu'] }, { profiles: ['grafana', 'gpu'] }])(
      'the file is valid with the profiles $profiles, and names no image without a version',
      async ({ profiles }) => {
        const said = await appliance.compose(...profiles.flatMap((one) => ['--profile', one]), 'config', '--images');
        const images = said.trim().split('\n');
        expect(images.length).toBeGreaterThanOrEqual(3);
        for (const image of images) expect(image).toMatch(/:[^/]*\d/);
      },
    );

    test('every container is healthy, and the one that prepares has ended well', async () => {
      for (const service of services) expect(await healthOf(appliance, service), service).toBe('healthy');
      expect((await inspect(appliance, 'prepare')).State).toMatchObject({ Running: false, ExitCode: 0 });
    });

    test('every target is scraped and carries the name of the machine', async () => {
      const targets = await until(
        () => targetsOf(appliance),
        (found) => found.length >= 9 && found.every(({ health }) => health === 'up'),
      );
      expect(targets.map(({ labels }) => labels['job']).sort()).toEqual(
        [...Array(4).fill('detectors'), 'alertmanager', 'broker', 'control-plane', 'node', 'prometheus'].sort(),
      );
      expect(new Set(targets.map(({ labels }) => labels['instance'])).size).toBe(1);
      expect(targets[0]!.labels['instance']).not.toMatch(/^[0-9a-f]{12}$/); // no container's id
    });

    test('the machine and its containers are measured, and the rules are loaded', async () => {
      const names = await until(
        () => query(appliance, 'group by (name) (container_memory_working_set_bytes{name=~"odyssey-.+"})'),
        (found) => found.length >= services.length,
      );
      expect(names.map(({ metric }) => metric['name'])).toEqual(
        expect.arrayContaining(services.map((name) => `odyssey-${name}-1`)),
      );
      const { body } = await appliance.get('collector', 'http://prometheus:9090/api/v1/rules');
      const { groups } = (JSON.parse(body) as { data: { groups: { rules: { health: string }[] }[] } }).data;
      expect(groups.flatMap(({ rules }) => rules).length).toBeGreaterThan(10);
    });

    test('the detectors tick, and ask the control plane what people said over TLS that they trust', async () => {
      const ticks = await until(
        () => query(appliance, 'sum(anomaly_detector_mode)'),
        (found) => Number(found[0]?.value[1] ?? 0) > 0,
      );
      expect(Number(ticks[0]!.value[1])).toBeGreaterThan(0);
      const asked = await appliance.get('detectors', 'https://control-plane:8080/api/v1/setup');
      expect(asked.status).toBe(200);
    });

    test('history is bounded by its disk, and Prometheus keeps to it', async () => {
      const { Source: volume } = (await inspect(appliance, 'prometheus')).Mounts.find(
        ({ Destination }) => Destination === '/prometheus',
      )!;
      const { bavail, bsize } = statfsSync(join(`/proc/${appliance.engine.holder}/root`, volume));
      const { body } = await appliance.get('collector', 'http://prometheus:9090/api/v1/status/flags');
      const kept = parseSize(
        (JSON.parse(body) as { data: Record<string, string> }).data['storage.tsdb.retention.size']!,
      );
      expect(kept).toBeGreaterThan(2 ** 28);
      expect(kept).toBeLessThanOrEqual(Math.min(10 * 2 ** 30, 0.85 * bavail * bsize));
    });

    test('amtool is there for the control plane to ask before it writes Alertmanager’s configuration', async () => {
      const check = (script: string) => appliance.compose('exec', '-T', 'control-plane', 'sh', '-c', script);
      expect(await check('"$WEB_AMTOOL" check-config "$WEB_ALERTMANAGER_CONFIG"')).toContain('SUCCESS');
      const wrong = 'echo "route: { receiver: nobody }" >/tmp/wrong.yml; "$WEB_AMTOOL" check-config /tmp/wrong.yml';
      await expect(check(wrong)).rejects.toMatchObject({ stdout: expect.stringContaining('nobody') });
    });

    const admin = new Admin(appliance);

    describe('somebody', () => {
      test('becomes the first admin over TLS, with the token of the log', async () => {
        await admin.setUp();
        expect((await admin.call('GET', '/overview')).body).toMatchObject({ targets: { state: 'known' } });
      });

      test('deploys a small service and reaches it through the ingress', async () => {
        const ended = await admin.deployShop();
        expect(ended, JSON.stringify(ended, null, 1)).toMatchObject({ state: 'done' });
        const served = await ask(appliance, 'http://127.0.0.1:80/', { headers: { host: 'shop.test' } });
        expect(served.status, served.text).toBe(200);
        expect((await ask(appliance, 'http://127.0.0.1:80/', { headers: { host: 'other.test' } })).status).toBe(404);
      });

      test('sees its requests in Prometheus', async () => {
        const found = await until(
          () => query(appliance, 'sum(ingress_requests_total{deployment="shop"})'),
          (series) => Number(series[0]?.value[1] ?? 0) > 0,
        );
        expect(Number(found[0]!.value[1])).toBeGreaterThan(0);
      });

      test('is told of a test alert through Alertmanager, the inbox over TLS and a signed webhook', async () => {
        const heard = await startListener(appliance);
        const { held: _, applied: __, ...settings } = (await admin.call('GET', '/notifications/settings')).body;
        const webhook = { id: 'hook', name: 'Hook', enabled: true, least: 'info', resolved: true, kind: 'webhook' };
        const saved = await admin.call('PUT', '/notifications/settings', {
          ...{ ...settings, groupWaitSeconds: 0, secrets: { hook: `whsec_${Buffer.alloc(32, 7).toString('base64')}` } },
          receivers: [{ ...webhook, url: 'http://listener:8080/hook' }],
        });
        expect(saved.body, JSON.stringify(saved.body)).toMatchObject({ applied: { state: 'applied' } });
        const { body } = await admin.call('POST', '/notifications/test', { receiver: 'hook' });
        expect(body, JSON.stringify(body)).toMatchObject({ outcomes: [{ receiver: 'hook', outcome: 'sent' }] });
        expect(await heard()).toMatch(/webhook-signature.*v1,/);
      });
    });

    describeOperations(appliance, admin);

    test('packs itself for a host without a registry, and is whole when it arrives', { timeout: 250_000 }, async () => {
      const folder = join(appliance.engine.folder, 'bundle');
      await appliance.bundle(folder);
      execFileSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: folder });
      expect(readFileSync(join(folder, '.env'), 'utf8')).toContain('PROMETHEUS_IMAGE=odyssey-test/prometheus:1');
      const names = execFileSync('tar', ['-xOf', join(folder, 'images.tar'), 'manifest.json'], { encoding: 'utf8' });
      for (const image of ['odyssey:0.1.0', 'odyssey-test/prometheus:1', 'odyssey-test/haproxy:3.0'])
        expect(names).toContain(image);
      rmSync(folder, { recursive: true });
    });

    describe('as installed', () => {
      describeRights(appliance);
      describeReach(appliance);
    });

    describe('after a crash', () => {
      test.each(services)('%s comes back by itself', async (service) => {
        const before = (await inspect(appliance, service)).State.Pid;
        process.kill(before, 'SIGKILL');
        await until(
          () => inspect(appliance, service),
          ({ State: state }) => state.Running && state.Pid !== before && state.Health?.Status === 'healthy',
        );
        expect((await inspect(appliance, service)).State.Pid).not.toBe(before);
      });

      test('all of it comes back when the engine is killed and started again', async () => {
        await appliance.engine.crash();
        for (const service of services)
          await until(
            () => healthOf(appliance, service).catch(() => 'no answer'),
            (health) => health === 'healthy',
          );
        const targets = await until(
          () => targetsOf(appliance),
          (found) => found.length >= 9 && found.every(({ health }) => health === 'up'),
        );
        expect(targets.length).toBeGreaterThanOrEqual(9);
        const served = await until(
          () => ask(appliance, 'http://127.0.0.1:80/', { headers: { host: 'shop.test' } }),
          ({ status }) => status === 200,
        );
        expect(served.status, served.text).toBe(200);
      });
    });

    test('taken away, it leaves what it deployed running and served', async () => {
      const said = await appliance.compose('down').catch((error: Error & { stderr?: string }) => `${error.stderr}`);
      const left = await appliance.engine.ask('GET', '/containers/json');
      const names = (JSON.parse(left.text) as { Names: string[] }[]).flatMap(({ Names }) => Names);
      for (const service of services) expect(names, said).not.toContain(`/odyssey-${service}-1`);
      const served = await ask(appliance, 'http://127.0.0.1:80/', { headers: { host: 'shop.test' } });
      expect(served.status, said).toBe(200);
    });
  },
);

/** A container beside the appliance that writes down what it is sent; gives what it has heard. */
async function startListener({ engine }: Appliance): Promise<() => Promise<string>> {
  const script = `require('http').createServer((asked, answer) => {
    asked.resume().on('end', () => { console.log(JSON.stringify(asked.headers)); answer.end(); });
  }).listen(8080)`;
  const made = await engine.ask('POST', '/containers/create?name=listener', {
    ...{ Image: 'app:1', Cmd: ['-e', script], HostConfig: { NetworkMode: 'odyssey-core' } },
  });
  await engine.ask('POST', `/containers/${(JSON.parse(made.text) as { Id: string }).Id}/start`);
  return async () => (await engine.ask('GET', '/containers/listener/logs?stdout=1&stderr=1')).text;
}

async function healthOf(appliance: Appliance, service: string): Promise<string | undefined> {
  return (await inspect(appliance, service)).State.Health?.Status;
}

async function targetsOf(appliance: Appliance): Promise<readonly Target[]> {
  const { body } = await appliance.get('collector', 'http://prometheus:9090/api/v1/targets?state=active');
  return (JSON.parse(body) as { data: { activeTargets: readonly Target[] } }).data.activeTargets;
}

async function query(appliance: Appliance, text: string) {
  const url = `http://prometheus:9090/api/v1/query?query=${encodeURIComponent(text)}`;
  const { body } = await appliance.get('collector', url);
  return (JSON.parse(body) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } }).data
    .result;
}

/** Asks until the answer is as wanted, 90 s at most; the last answer either way, so that the test shows it. */
