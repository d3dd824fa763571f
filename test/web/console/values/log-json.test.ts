// JSON lines as a person reads them: the message first, a few fields quietly, the whole on demand; and lines that mean harm stay cheap and inert.
import { describe, expect, test } from 'vitest';
import { readJsonRow, unfoldJson } from '../../../../web/console/values/log-json.ts';

describe('a row', () => {
  test.each([
    {
      given: 'the message, and what else tells most of it',
      json: { level: 'info', time: 1, pid: 7, hostname: 'h', msg: 'order placed', order: { id: 99 }, status: 201 },
      row: { text: 'order placed', fields: 'status=201 order={"id":99}' },
    },
    {
      given: 'words with blanks in quotes',
      json: { message: 'm', user: 'Ada L', path: '/a?b', empty: '', nothing: null, flag: false },
      row: { text: 'm', fields: 'path=/a?b user="Ada L" flag=false' },
    },
    {
      given: 'of an error its message',
      json: { msg: 'failed', err: { type: 'Error', message: 'no route', stack: 'at x' } },
      row: { text: 'failed', fields: 'err="no route"' },
    },
    {
      given: 'without a message its fields',
      json: { a: 1, msg: '', b: [2] },
      row: { text: 'a=1 b=[2]', fields: '' },
    },
    {
      given: 'a message that is no text is a field',
      json: { msg: { a: 1 }, event: 'started' },
      row: { text: 'started', fields: 'msg={"a":1}' },
    },
  ])('$given', ({ json, row }) => {
    expect(readJsonRow(JSON.stringify(json))).toEqual(row);
  });

  test('has six fields at most, each cut', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v'.repeat(500)]));
    const { fields } = readJsonRow(JSON.stringify({ msg: 'm', ...many }).slice(0, 60_000)) ?? { fields: '' };
    expect(fields).toBe(''); // too long for a row
    const few = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`k${index}`, 'v'.repeat(200)]));
    const row = readJsonRow(JSON.stringify({ msg: 'm', ...few }))!;
    expect(row.fields.split(' ')).toHaveLength(6);
    expect(row.fields.length).toBeLessThan(6 * 90);
  });

  test.each(['{oops', 'plain', '[1,2]', '"text"', '{"a":1} and more', ''])('“%s” is none', (text) => {
    expect([readJsonRow(text), unfoldJson(text, 10)]).toEqual([undefined, undefined]);
  });

  test('what is written with escapes is as harmless as what is written plainly', () => {
    const row = readJsonRow('{"msg":"\\u001b[31mred \\u202egnp.exe\\u0007","\\u202ek":"\\u2066v"}')!;
    expect(row).toEqual({ text: 'red �gnp.exe␇', fields: '�k=�v' });
  });
});

describe('the whole', () => {
  test('one field a line', () => {
    expect(unfoldJson('{"a":{"b":[1,{"c":null}]},"d":"x","e":{},"f":[]}', 100)).toEqual([
      ...['{', '  "a": {', '    "b": [', '      1,', '      {', '        "c": null', '      }', '    ]', '  },'],
      ...['  "d": "x",', '  "e": {},', '  "f": []', '}'],
    ]);
  });

  test('is bounded, and says so', () => {
    const long = unfoldJson(
      JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [at, at]))),
      200,
    )!;
    expect([long.length, long.at(-1)]).toEqual([201, '… there is more of it']);
  });

  test('a line of brackets alone costs no more than another', () => {
    const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    const began = performance.now();
    const lines = unfoldJson(deep, 200)!;
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(lines.join('').length).toBeLessThan(20_000);
    expect(readJsonRow(`{"msg":"m","a":${'['.repeat(4_000)}${']'.repeat(4_000)}}`)!.text).toBe('m');
  });

  test('escapes in it are shown, not followed', () => {
    expect(unfoldJson('{"a":"\\u202egnp","\\u001b[2J":1}', 10)!.join('\n')).not.toMatch(/[\u001b\u202e]/);
  });
});
