// What people hear when the engine does not do what was asked: never that it was their login, always what comes next.
import { expect, test } from 'vitest';
import type { EngineFailureKind } from '../../../../web/server/engine/port.ts';
import { told, toldOrMissing } from '../../../../web/server/observed/told.ts';
import { UserError } from '../../../../web/server/user-error.ts';

const failed = (kind: EngineFailureKind) => ({ ok: false, failure: { kind, message: 'its own words' } }) as const;

test('a value is a value', () => {
  expect(told({ ok: true, value: 7 })).toBe(7);
  expect(toldOrMissing({ ok: true, value: 7 })).toBe(7);
  expect(toldOrMissing(failed('missing'))).toBeUndefined();
});

test.each<[EngineFailureKind, number, string]>([
  ['absent', 503, 'engine-absent'],
  ['late', 504, 'engine-late'],
  ['no-swarm', 409, 'no-swarm'],
  ['missing', 404, 'not-found'],
  ['conflict', 409, 'conflict'],
  ['stale', 409, 'changed-meanwhile'],
  ['refused', 502, 'broker-refused'],
  ['failed', 502, 'engine-failed'],
])('%s → %i %s', (kind, status, name) => {
  try {
    told(failed(kind));
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ status, kind: name });
    expect((error as Error).message.length).toBeGreaterThan(20);
  }
});
