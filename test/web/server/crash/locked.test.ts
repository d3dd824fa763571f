// Another program locks a database: changes wait a little and are then refused with 503, and nobody else is kept waiting.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../../core/runtime/clock.ts';
import { openPlane, type TestPlane } from '../plane.ts';

let it: TestPlane;
let now: () => number;
beforeAll(async () => {
  const began = performance.now();
  now = () => 1_800_000_000 + (performance.now() - began) / 1000;
  it = await openPlane({ clock: { ...systemClock, unixSeconds: now } });
});
afterAll(() => it.close());

function lock(name: string): { release(): void } {
  const database = new DatabaseSync(join(it.folder, 'control', name));
  database.exec('BEGIN IMMEDIATE');
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

/** The longest that this very process, server included, stood still while the work went on, in milliseconds. */
async function longestStall(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work;
  clearInterval(beat);
  return longest;
}

const make = (name: string) => it.admin.call('POST', '/environments', { name });

test.each(['odyssey.db', 'audit.db'])(
  '%s locked for good: reading goes on, changes get a 503',
  async (name) => {
    const held = lock(name);
    const changes = Promise.all([make(`a ${name}`), make(`b ${name}`)]);
    const reads = Promise.all(Array.from({ length: 20 }, () => it.admin.call('GET', '/environments')));
    const stall = await longestStall(Promise.all([changes, reads]));
    for (const { status, headers } of await changes) {
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    for (const { status } of await reads) expect(status).toBe(200);
    expect(stall).toBeLessThan(1_000);
    held.release();
    expect((await make(`after ${name}`)).status).toBe(201);
    const names = (await it.admin.call('GET', '/environments')).body.items.map((one: { name: string }) => one.name);
    expect(names).not.toContain(`a ${name}`);
  },
  30_000,
);

test.each(['odyssey.db', 'audit.db'])(
  '%s locked for a moment: the change waits and is made, once',
  async (name) => {
    const held = lock(name);
    const change = make(`patient ${name}`);
    setTimeout(() => held.release(), 400);
    expect((await change).status).toBe(201);
    const { items } = (await it.admin.call('GET', '/audit?action=environment:make&limit=2')).body;
    expect(items.map(({ record }: { record: { kind: string } }) => record.kind)).toEqual(['close', 'open']);
    expect(it.plane.audit.unavailable()).toBeUndefined();
  },
  30_000,
);
