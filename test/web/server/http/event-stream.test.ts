// Events on the wire: whatever a container prints, one event stays one event.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEvent, readLastEventId } from '../../../../web/server/http/event-stream.ts';

test('an event is its name, its place and one line of data', () => {
  expect(formatEvent({ event: 'lines', data: [{ text: 'a\nb' }], id: '17.5' })).toBe(
    'event: lines\nid: 17.5\ndata: [{"text":"a\\nb"}]\n\n',
  );
});

test('no text breaks out of its event', () => {
  const nasty = fc.string({ unit: fc.constantFrom('\n', '\r', 'data:', 'event: end', '\u2028', '"', 'a') });
  fc.assert(
    fc.property(nasty, (text) => {
      const [name, data, ...rest] = formatEvent({ event: 'lines', data: text }).split(/\r\n|\n|\r/);
      expect(name).toBe('event: lines');
      expect(JSON.parse(data!.slice('data: '.length))).toBe(text);
      expect(rest).toEqual(['', '']);
    }),
  );
});

test.each([
  { given: 'a place', header: '1700000000.000000001', id: '1700000000.000000001' },
  { given: 'none', header: undefined, id: undefined },
  { given: 'two', header: ['1', '2'], id: undefined },
  { given: 'nonsense', header: '1\n2', id: undefined },
  { given: 'something long', header: '1'.repeat(65), id: undefined },
])('$given → $id', ({ header, id }) => expect(readLastEventId(header)).toBe(id));
