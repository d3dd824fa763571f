// A dead mount is asked once, and never takes more than its share of threads.
import type { StatsFs } from 'node:fs';
import { expect, test } from 'vitest';
import { createFilesystemUse } from '../../collector/mounts.ts';

type Ask = Parameters<typeof createFilesystemUse>[0];
const never = () => new Promise<never>(() => undefined);

/** Asks that are recorded; `answer` says what each path does. */
function mountsThat(answer: (path: string) => Promise<Partial<StatsFs>>) {
  const asked: string[] = [];
  const ask = ((path: string) => {
    asked.push(path);
    return answer(path);
  }) as unknown as Ask;
  return { use: createFilesystemUse(ask), asked };
}

test('the root of this machine has space and inodes', async () => {
  const use = await createFilesystemUse()('/', 5);
  expect(use.blocks).toBeGreaterThan(0);
  expect(use.blocksFree).toBeGreaterThanOrEqual(use.blocksAvailable);
});

test('a dead mount is late once, then refused without asking', async () => {
  const { use, asked } = mountsThat(never);
  await expect(use('/nas', 0.05)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  await expect(use('/nas', 60)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(asked).toEqual(['/nas']);
});

test('when it answers after all, it is asked again', async () => {
  const late = Promise.withResolvers<Partial<StatsFs>>();
  const { use, asked } = mountsThat(() => (asked.length === 1 ? late.promise : Promise.resolve({ bsize: 1 })));
  await expect(use('/nas', 0.05)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  late.resolve({});
  await late.promise;
  expect((await use('/nas', 1)).blockBytes).toBe(1);
});

test('of many dead mounts only some hold a thread; an error is passed on', async () => {
  const { use, asked } = mountsThat((path) =>
    path === '/bad' ? Promise.reject(Object.assign(new Error(), { code: 'EIO' })) : never(),
  );
  await expect(use('/bad', 1)).rejects.toMatchObject({ code: 'EIO' });
  for (let at = 0; at < 12; at++) {
    await expect(use(`/dead${at}`, 0.01)).rejects.toMatchObject({ code: at < 8 ? 'ETIMEDOUT' : 'EAGAIN' });
  }
  expect(asked).toHaveLength(1 + 8);
});

test('twenty dead mounts at once hold eight threads, and the disk of the machine answers now and later', async () => {
  const { use, asked } = mountsThat((path) => (path === '/' ? Promise.resolve({ bsize: 1 }) : never()));
  const codes = Array.from({ length: 20 }, (_, at) => use(`/dead${at}`, 0.05).catch(({ code }) => code));
  expect((await use('/', 1, true)).blockBytes).toBe(1);
  expect(await Promise.all(codes)).toEqual([...Array(8).fill('ETIMEDOUT'), ...Array(12).fill('EAGAIN')]);
  expect((await use('/', 1, true)).blockBytes).toBe(1);
  expect(asked.filter((path) => path !== '/')).toHaveLength(8);
});

test('one that waits for a thread is asked as soon as one is free', async () => {
  const slow = Promise.withResolvers<Partial<StatsFs>>();
  const { use } = mountsThat((path) => (path === '/healthy' ? Promise.resolve({ bsize: 2 }) : slow.promise));
  const held = Array.from({ length: 8 }, (_, at) => use(`/slow${at}`, 5));
  const healthy = use('/healthy', 5);
  slow.resolve({ bsize: 1 });
  expect((await healthy).blockBytes).toBe(2);
  expect((await Promise.all(held)).map(({ blockBytes }) => blockBytes)).toEqual(Array(8).fill(1));
});

test('who asks twice for one mount at once is answered by one call', async () => {
  const { use, asked } = mountsThat(async () => ({ bsize: 1 }));
  await Promise.all([use('/', 1), use('/', 1)]);
  expect(asked).toEqual(['/']);
});
