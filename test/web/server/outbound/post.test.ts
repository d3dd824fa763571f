// W6 on the wire: names that lead home, names that change their mind, redirects, and every spelling of loopback.
import { createServer, type Server } from 'node:http';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { post } from '../../../../web/server/outbound/post.ts';

let server: Server;
let port: number;
let reached: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/' });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => server.close());
beforeEach(() => {
  reached = [];
});

const none = new Set<string>();

/** A resolver that gives these answers one after the other. */
function answers(...addresses: string[]): LookupFunction {
  let next = 0;
  return (_name, options, done) => {
    const address = addresses[Math.min(next++, addresses.length - 1)]!;
    const family = address.includes(':') ? 6 : 4;
    if (options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

test.each([
  '127.0.0.1',
  '[::1]',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '[::ffff:127.0.0.1]',
  '0.0.0.0',
  '169.254.169.254',
  '[::ffff:a9fe:a9fe]',
])('%s is refused before anything is sent', async (host) => {
  await expect(post(`http://${host}:${port}/`, 'x', { timeoutSeconds: 1, listed: none })).rejects.toThrow(
    /: list that|never go there/,
  );
  expect(reached).toEqual([]);
});

test.each(['127.0.0.1', '::1', '169.254.169.254', '::ffff:127.0.0.1'])(
  'a name that resolves to %s is refused',
  async (address) => {
    const options = { timeoutSeconds: 1, listed: none, resolve: answers(address) };
    await expect(post(`http://witness.test:${port}/`, 'x', options)).rejects.toThrow('witness.test');
    expect(reached).toEqual([]);
  },
);

test('a name is asked for once and what was checked is what is connected to', async () => {
  const listed = new Set([`witness.test:${port}`]);
  const options = { timeoutSeconds: 1, listed, resolve: answers('127.0.0.1', '169.254.169.254') };
  expect(await post(`http://witness.test:${port}/held`, 'x', options)).toBe(200);
  expect(reached).toEqual(['POST /held']);
});

test('listing a name does not open the way to a metadata service', async () => {
  const options = { timeoutSeconds: 1, listed: new Set(['witness.test:80']), resolve: answers('169.254.169.254') };
  await expect(post('http://witness.test/', 'x', options)).rejects.toThrow('metadata');
});

test('only the listed port is open', async () => {
  const listed = new Set(['127.0.0.1:1']);
  await expect(post(`http://127.0.0.1:${port}/`, 'x', { timeoutSeconds: 1, listed })).rejects.toThrow('list that');
});

test('a redirect is not followed', async () => {
  const listed = new Set([`127.0.0.1:${port}`]);
  await expect(post(`http://127.0.0.1:${port}/away`, 'x', { timeoutSeconds: 1, listed })).rejects.toThrow('redirects');
  expect(reached).toEqual(['POST /away']);
});
