// HAProxy's image: pulled where it is missing, once for all who wait, with its progress; where it cannot be had it says what to do.
import { expect, test } from 'vitest';
import type { Act } from '../../../../web/server/audit/log.ts';
import type { PullLine } from '../../../../web/server/engine/objects.ts';
import { fetching, ingressImage } from '../../../../web/server/ingress/image.ts';
import { fakeEngine } from '../../../fakes/engine.ts';

const never = new AbortController().signal;
const id = `sha256:${'a'.repeat(64)}`;
const brings = { Id: id, RepoDigests: [], Size: 1 };

function start(pulls: { lines: PullLine[]; brings?: typeof brings }, image = 'haproxy:3.0') {
  const engine = fakeEngine();
  engine.pulls = pulls;
  const audited: string[] = [];
  const clock = { now: 0 };
  let asked = 0;
  const pull = engine.images.pull;
  engine.images.pull = (...given) => {
    asked += 1;
    return pull(...given);
  };
  const audit = {
    open: (act: Act) => Promise.resolve({ ...act, seq: audited.push(`open ${act.action} ${act.subject}`) }),
    close: (act: Act, outcome: string) => Promise.resolve(void audited.push(`close ${act.action} ${outcome}`)),
  };
  const made = ingressImage({ engine, image, audit, credentials: () => undefined, monotonicSeconds: () => clock.now });
  return { engine, made, audited, clock, pulls: () => asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test('one that is there is not asked for', async () => {
  const { engine, made, pulls, audited } = start({ lines: [] });
  engine.known.set('haproxy:3.0', brings);
  expect(await made.ensure(() => undefined, never)).toBeUndefined();
  expect([pulls(), audited]).toEqual([0, []]);
});

test('one that is missing is pulled once for all who wait; each hears how far it is, and it stands in the audit log', async () => {
  const lines = [{ id: 'l', status: 'Downloading', progressDetail: { current: 5_000_000, total: 40_000_000 } }];
  const { made, pulls, audited } = start({ lines, brings });
  const told: number[] = [];
  const tell = ({ total }: { total: number }) => told.push(total);
  expect(await Promise.all([made.ensure(tell, never), made.ensure(tell, never)])).toEqual([undefined, undefined]);
  expect(pulls()).toBe(1);
  expect(told.filter((total) => total === 40_000_000).length).toBeGreaterThanOrEqual(2);
  expect(audited).toEqual(['open ingress:pull image/haproxy:3.0', 'close ingress:pull done']);
  expect(made.said()).toBeUndefined();
});

test.each([
  {
    given: 'a host without a network',
    lines: [{ error: 'dial tcp: lookup registry-1.docker.io: no such host' }],
    says: /docker\.io cannot be reached.*docker save -o haproxy\.tar haproxy:3\.0.*docker load/,
  },
  {
    given: 'a name that no registry has',
    lines: [{ error: 'manifest unknown' }],
    says: /There is no image haproxy:3.0/,
  },
  { given: 'a pull that brings nothing', lines: [{ status: 'done' }], says: /is not there/ },
])('$given is told with what to do, and stands in the audit log', async ({ lines, says }) => {
  const { made, audited } = start({ lines });
  expect(await made.ensure(() => undefined, never)).toMatch(says);
  expect(made.said()).toMatch(says);
  expect(audited.at(-1)).toBe('close ingress:pull failed');
});

test('an id cannot be pulled: it says so and asks nobody', async () => {
  const { made, pulls } = start({ lines: [], brings }, id);
  expect(await made.ensure(() => undefined, never)).toMatch(/named by its id.*docker load/);
  expect(pulls()).toBe(0);
});

test('whoever stops waiting leaves the pull to the others', async () => {
  const { made } = start({ lines: [], brings });
  const leaving = new AbortController();
  const gone = made.ensure(() => undefined, leaving.signal);
  const stays = made.ensure(() => undefined, never);
  leaving.abort();
  expect(await gone).toMatch(/stopping/);
  expect(await stays).toBeUndefined();
});

test('a container that lacks it has it fetched behind its back, after a failure ever more seldom; a container made of it ends the story', async () => {
  const { made, clock, pulls, engine } = start({ lines: [{ error: 'no such host' }] });
  let answer: 'failed' | 'running' = 'failed';
  const container = fetching(
    {
      ensure: () =>
        Promise.resolve(
          answer === 'failed' ? { kind: 'failed', reason: 'no image' } : { kind: 'running', fresh: true },
        ),
      leave: () => Promise.resolve(),
    },
    made,
  );
  for (const at of [0, 15, 30, 61, 75, 150, 182]) {
    clock.now = at;
    await container.ensure([], true);
    await settled();
  }
  expect(pulls()).toBe(3); // at 0, 61 and 182
  engine.pulls = { lines: [], brings };
  clock.now = 10_000;
  await container.ensure([], true);
  await settled();
  answer = 'running';
  await container.ensure([], true);
  expect(made.said()).toBeUndefined();
});
