// One query through one server, against a real one on loopback.
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveThrough } from '../../collector/resolver.ts';

const noSuchName = 3;
let server: Socket;
let address: string;

/** Answers `good.test` with an address, `silent.test` never, and everything else with "no such name". */
beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    if (query.includes('silent')) return;
    const good = query.includes('good');
    const header = Buffer.from([
      query[0]!,
      query[1]!,
      0x81,
      0x80 | (good ? 0 : noSuchName),
      0,
      1,
      0,
      good ? 1 : 0,
      0,
      0,
      0,
      0,
    ]);
    const record = good ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0);
    server.send(Buffer.concat([header, question, record]), from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${server.address().port}`;
});

afterAll(() => server.close());

test('an answer resolves', async () => {
  await expect(resolveThrough(address, 'good.test', 2)).resolves.toBeUndefined();
});

test.each([
  { name: 'none.test', gives: 'ENOTFOUND' },
  { name: 'silent.test', gives: 'ETIMEOUT' },
])('$name rejects with $gives', async ({ name, gives }) => {
  await expect(resolveThrough(address, name, 0.3)).rejects.toMatchObject({ code: gives });
});
