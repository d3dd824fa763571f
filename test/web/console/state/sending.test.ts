// A form on its way: once at a time; a try without an answer keeps its key, an answered one gets another.
import { expect, test } from 'vitest';
import { ApiError, silenceError } from '../../../../web/console/state/api-error.ts';
import { Sending } from '../../../../web/console/state/sending.svelte.ts';

function open() {
  let count = 0;
  return new Sending({ randomKey: () => `key-${++count}` });
}
const refusal = (errors?: { path: string; message: string }[]) =>
  new ApiError({ type: 'x:invalid', title: 'No', status: 400, detail: 'It is wrong.', ...(errors && { errors }) });

async function keysOf(sending: Sending, failures: (ApiError | undefined)[]): Promise<string[]> {
  const keys: string[] = [];
  for (const failure of failures)
    await sending.run((key) => {
      keys.push(key);
      return failure === undefined ? Promise.resolve() : Promise.reject(failure);
    });
  return keys;
}

test('who got no answer tries the same again', async () => {
  const late = silenceError('late');
  expect(await keysOf(open(), [late, late, undefined, undefined])).toEqual(['key-1', 'key-1', 'key-1', 'key-2']);
});

test('who was refused sends something else', async () => {
  expect(await keysOf(open(), [refusal(), undefined])).toEqual(['key-1', 'key-2']);
});

test('a second click while the first is on its way does nothing', async () => {
  const sending = open();
  let finish = () => {};
  const first = sending.run(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  expect([sending.busy, await sending.run(() => Promise.resolve())]).toEqual([true, false]);
  finish();
  expect([await first, sending.busy]).toEqual([true, false]);
});

test('what concerns a field is said there and not twice', async () => {
  const sending = open();
  await keysOf(sending, [refusal([{ path: 'body.name', message: 'too long' }])]);
  expect([sending.fieldError('name'), sending.general]).toEqual(['too long', undefined]);
  await keysOf(sending, [refusal()]);
  expect(sending.general).toBe('It is wrong.');
});

test('what is no answer at all is a fault of ours and is thrown', async () => {
  await expect(open().run(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours');
});
