// L4: argon2id with accepted parameters, read from the hash; 200 parallel checks stay within the memory of two.
import { expect, test } from 'vitest';
import { Gate } from '../../../../web/server/sessions/gate.ts';
import { checkPassword, hashPassword } from '../../../../web/server/sessions/password.ts';

test('a hash is PHC text with m=19456, t=2, p=1 and a salt of its own', async () => {
  const [a, b] = [await hashPassword('one password'), await hashPassword('one password')];
  expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(a).not.toBe(b);
});

test.each([
  { given: 'the same', tried: 'pässword 😀 long', right: true },
  { given: 'the same from another keyboard', tried: 'pässword 😀 long'.normalize('NFD'), right: true },
  { given: 'another case', tried: 'PÄSSWORD 😀 LONG', right: false },
  { given: 'cut short', tried: 'pässword 😀 lon', right: false },
  { given: 'empty', tried: '', right: false },
])('$given: $right', async ({ tried, right }) => {
  expect(await checkPassword(tried, await hashPassword('pässword 😀 long'))).toEqual({ right, outdated: false });
});

test('64 characters and more count to the last one', async () => {
  const long = 'x'.repeat(199);
  const hash = await hashPassword(`${long}a`);
  expect((await checkPassword(`${long}b`, hash)).right).toBe(false);
});

test('a hash of weaker parameters is checked with those, and said to be outdated', async () => {
  // Of "password" with m=256, t=2, p=1 and the salt "somesalt", from the reference implementation's tests.
  const weak = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  await expect(checkPassword('password', weak)).rejects.toThrow('not readable'); // its salt is too short to be ours
  const shorter = (await hashPassword('password')).replace('m=19456', 'm=9216');
  expect(await checkPassword('password', shorter)).toEqual({ right: false, outdated: true });
});

test('200 at once through the gate take less than 150 MB', async () => {
  const gate = new Gate(2, 256);
  const hash = await hashPassword('one password');
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  await Promise.all(Array.from({ length: 200 }, () => gate.run(() => checkPassword('one password', hash))));
  clearInterval(watch);
  expect((most - before) / 1e6).toBeLessThan(150);
}, 60_000);
