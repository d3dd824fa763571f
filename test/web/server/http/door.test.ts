// The door before a record: what it proves is handed on, what it refuses is told by few records, and people who may not are told of too.
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Act } from '../../../../web/server/audit/log.ts';
import { noteCounted, noteDenied, passDoor } from '../../../../web/server/http/door.ts';
import { Refusals } from '../../../../web/server/http/refusals.ts';
import { type Route, route } from '../../../../web/server/http/route.ts';
import type { Identity } from '../../../../web/server/identity.ts';
import { UserError } from '../../../../web/server/user-error.ts';

const knock: Route = route({
  ...{ method: 'post', path: '/knock', access: 'public', summary: 's', answer: z.strictObject({}) },
  body: z.strictObject({ word: z.string() }),
  act: { action: 'door:knock', subject: () => 'door' },
  door({ body }) {
    if (body.word !== 'friend') throw new UserError(403, 'wrong-word', 'Say the right word.');
    return 'let in';
  },
  handle: () => ({}),
});

function ports(works = true) {
  const noted: Act[] = [];
  const complaints: unknown[] = [];
  let now = 0;
  return {
    ...{ noted, complaints, refusals: new Refusals() },
    audit: {
      async note(act: Act) {
        if (!works) throw new Error('full');
        return noted.push(act);
      },
    },
    monotonicSeconds: () => now,
    complain: (error: unknown) => void complaints.push(error),
    pass: (seconds: number) => {
      now += seconds;
    },
  };
}

test('the right word opens and leaves no record of its own', async () => {
  const at = ports();
  expect(await passDoor(at, knock, { word: 'friend' }, '192.0.2.1')).toBe('let in');
  expect(at.noted).toEqual([]);
});

test('wrong words from a thousand sources: five records with a source, then one with the count', async () => {
  const at = ports();
  for (let i = 0; i < 1_000; i++)
    await expect(passDoor(at, knock, { word: 'foe' }, `192.0.2.${i}`)).rejects.toThrow('right word');
  expect(at.noted).toHaveLength(5);
  expect(at.noted[0]).toMatchObject({
    ...{ action: 'door:knock', subject: 'refused', detail: { kind: 'wrong-word', count: 1 } },
    personal: [{ field: 'source', person: 'anonymous', value: '192.0.2.0' }],
  });
  at.pass(601);
  await noteCounted(at);
  await noteCounted(at);
  expect(at.noted).toHaveLength(6);
  expect(at.noted[5]).toMatchObject({ action: 'door:knock', detail: { actor: 'anonymous', count: 995 } });
});

test('somebody who tries what they may not is told of, and cannot fill the log either', async () => {
  const at = ports();
  const use = { kind: 'token', id: 't', permissions: [], environment: '*' } as const;
  const identity: Identity = {
    person: 'p',
    name: 'n',
    grants: [],
    use,
    hasSecondFactor: false,
    lacksSecondFactor: false,
  };
  for (let i = 0; i < 1_000; i++) await noteDenied(at, knock, identity, 'not-allowed');
  await noteDenied(at, knock, undefined, 'not-allowed');
  expect(at.noted).toHaveLength(5);
  expect(at.noted[0]).toMatchObject({ actor: { kind: 'token', id: 'p/t' }, subject: 'denied' });
});

test('a refusal that cannot be recorded stays a refusal', async () => {
  const at = ports(false);
  await expect(passDoor(at, knock, { word: 'foe' }, '192.0.2.1')).rejects.toThrow('right word');
  expect(at.complaints).toHaveLength(1);
});
