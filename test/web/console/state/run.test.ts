// An operation that is followed: what was noted before, what comes over the stream, its end, and a connection that is lost in between.
import { describe, expect, test } from 'vitest';
import type { Operation, OperationStep } from '../../../../core/contracts/deployments.ts';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { meaningOfOperation, Run, sayOperation } from '../../../../web/console/state/run.svelte.ts';
import { fakePorts, problem, settle, type Told } from '../ports.ts';

const id = '00000000000000aa';
const running: Operation = {
  ...{ id, environment: 'e1', deployment: 'shop', kind: 'update', revision: 'r3', actor: 'ada' },
  ...{ state: 'running', outcome: '', started: 1_799_999_990, ended: null },
};
const step = (seq: number, name: string, kind: OperationStep['kind'] = 'intended'): OperationStep => ({
  ...{ seq, time: 1_799_999_990 + seq, kind, step: name, text: `${name} ${seq}` },
});
const stream = `/environments/e1/operations/${id}/events`;

async function follow(answers: Told[]) {
  let turn = 0;
  const ports = fakePorts(() => answers[Math.min(turn++, answers.length - 1)]!);
  const ended: string[] = [];
  const run = new Run(new App(ports), 'e1', id, ({ state }) => void ended.push(state));
  const stop = run.follow();
  await settle();
  return { ports, run, ended, stop };
}

const answer = (operation: Operation, steps: OperationStep[]): Told => ({ body: { ...operation, steps } });

test('steps come as they happen, each once, and the end is told once', async () => {
  const { ports, run, ended } = await follow([answer(running, [step(1, 'image')])]);
  const events = ports.streams.get(stream)!;
  for (const one of [step(1, 'image'), step(2, 'health'), step(3, 'health', 'progress')]) events.event('step', one);
  expect(run.notes.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(run.output.map(({ seq }) => seq)).toEqual([3]);
  expect(run.over).toBe(false);
  events.event('end', { ...running, state: 'done', ended: 1_800_000_000, outcome: 'r3 serves.' });
  expect([run.over, ended, ports.streams.size]).toEqual([true, ['done'], 0]);
  expect(run.steps.slice(0, 2).map(({ state }) => state)).toEqual(['done', 'done']);
});

test('one that has ended is not listened to', async () => {
  const { ports, run, ended } = await follow([answer({ ...running, state: 'failed', ended: 1 }, [step(1, 'image')])]);
  expect([ports.streams.size, run.over, ended]).toEqual([0, true, []]);
});

test('a stream that is lost for good is asked for again and goes on where it was', async () => {
  const { ports, run } = await follow([
    answer(running, [step(1, 'image')]),
    answer(running, [step(1, 'image'), step(2, 'network')]),
  ]);
  ports.streams.get(stream)!.failed(true);
  expect(run.lost).toBe(true);
  await ports.pass(3);
  ports.streams.get(stream)!.opened();
  expect([run.lost, run.notes.length]).toEqual([false, 2]);
});

test('one that ended while the stream was lost has ended here as well, and that is told', async () => {
  const { ports, run, ended } = await follow([
    answer(running, [step(1, 'image')]),
    answer({ ...running, state: 'done', ended: 1_800_000_000 }, [step(1, 'image'), step(2, 'network')]),
  ]);
  ports.streams.get(stream)!.failed(true);
  await ports.pass(3);
  expect([run.over, run.lost, ended, run.notes.length]).toEqual([true, false, ['done'], 2]);
});

test.each([429, 500, 503])('a server that answers %i for a while is asked again', async (status) => {
  const { ports, run } = await follow([problem(status, 'busy'), answer(running, [])]);
  expect(run.error?.status).toBe(status);
  await ports.pass(3);
  expect([run.error, run.operation?.id]).toEqual([undefined, id]);
});

test('a server that is away is asked again; a refusal is shown', async () => {
  const away = await follow(['down', answer(running, [])]);
  expect(away.run.error?.kind).toBe('unreachable');
  await away.ports.pass(3);
  expect([away.run.error, away.run.operation?.id]).toEqual([undefined, id]);
  const refused = await follow([problem(404, 'not-found')]);
  await refused.ports.pass(30);
  expect([refused.run.error?.status, refused.ports.asked.length]).toEqual([404, 1]);
});

test('who stops following leaves no stream behind', async () => {
  const { ports, stop } = await follow([answer(running, [])]);
  stop();
  expect(ports.streams.size).toBe(0);
});

describe('in words', () => {
  test.each<[Partial<Operation>, string, string]>([
    [{}, 'Updating shop to r3', 'notice'],
    [{ kind: 'deploy', revision: 'r1', state: 'done' }, 'Deployed shop as r1', 'ok'],
    [{ kind: 'scale', state: 'done' }, 'Scaled shop', 'ok'],
    [{ state: 'rolled-back' }, 'shop went back by itself: r3 was not healthy', 'warning'],
    [{ kind: 'remove', revision: null, state: 'failed' }, 'Removing shop failed', 'critical'],
  ])('%j', (change, says, meaning) => {
    expect([sayOperation({ ...running, ...change }), meaningOfOperation({ ...running, ...change })]).toEqual([
      says,
      meaning,
    ]);
  });
});
