// The two lists of headers, against whatever a client or a Grafana may send.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headersForBrowser, headersForGrafana, placeOf } from '../../../../web/server/grafana/headers.ts';

const own = { 'x-webauth-user': 'us', 'x-webauth-role': 'Viewer' };
const spelling = fc
  .constantFrom(
    'x-webauth-user',
    'x-webauth-role',
    'x_webauth_user',
    'x-webauth-email',
    'cookie',
    'authorization',
    'x-forwarded-for',
  )
  .chain((name) => fc.tuple(...[...name].map((letter) => fc.constantFrom(letter, letter.toUpperCase()))))
  .map((letters) => letters.join(''));

test('however it is spelt, nothing of the client names a person or carries a credential', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(spelling, fc.string()), fc.string()), (asked) => {
      const sent = headersForGrafana(asked, own);
      const named = Object.entries(sent).filter(([name]) =>
        /webauth|cookie|authorization|forwarded|^host$/i.test(name),
      );
      expect(Object.fromEntries(named)).toEqual(own);
    }),
  );
});

test('a header that Connection names goes no further, in either direction', () => {
  expect(headersForGrafana({ connection: 'Accept, close', accept: 'x', range: 'y' }, {})).toEqual({ range: 'y' });
  expect(headersForBrowser({ connection: ['x-a', 'X-B'], 'x-a': '1', 'x-b': '2', etag: '3' })).toEqual({ etag: '3' });
});

test('no redirect leads off this origin or above the root of Grafana', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.webPath()), (location) => {
      expect(placeOf(location, 'http://grafana:3000') ?? '/grafana').toMatch(/^\/grafana(\/|$|[?#])/);
    }),
  );
});
