// The body of an answer: whole text within the bound, an error otherwise.
import { expect, test } from 'vitest';
import { readBody } from '../../../core/lib/body.ts';

const parts = (...chunks: Uint8Array[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
  );
const euro = new TextEncoder().encode('€');

test.each([
  { given: 'text', response: new Response('abc'), text: 'abc' },
  { given: 'nothing', response: new Response(null), text: '' },
  { given: 'a letter that is cut between two parts', response: parts(euro.slice(0, 1), euro.slice(1)), text: '€' },
])('$given is read', async ({ response, text }) => {
  expect(await readBody(response, 3)).toBe(text);
});

test.each([
  { given: 'a byte too many', response: new Response('abcd'), reason: 'larger than 3 bytes' },
  { given: 'half a letter', response: parts(euro.slice(0, 2)), reason: /valid/ },
])('$given is an error', async ({ response, reason }) => {
  await expect(readBody(response, 3)).rejects.toThrow(reason);
});

test('an endless answer is given up at the bound', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  await expect(readBody(new Response(endless), 10_000)).rejects.toThrow('larger');
  expect(sent).toBeLessThan(20_000);
});
