// Query values are sent on in one form, or not at all.
import { expect, test } from 'vitest';
import {
  filters,
  flag,
  matching,
  off,
  on,
  oneOf,
  type QueryRule,
  timestamp,
  whole,
} from '../../../web/broker/query.ts';

const labelled = filters('label', 'name');

test.each<[string, QueryRule, string, string | undefined]>([
  ['flag', flag, '1', 'true'],
  ['flag', flag, 'true', 'true'],
  ['flag', flag, '0', 'false'],
  ['flag', flag, 'True', undefined],
  ['flag', flag, '', undefined],
  ['off', off, 'false', 'false'],
  ['off', off, '1', undefined],
  ['on', on, '1', 'true'],
  ['on', on, '0', undefined],
  ['timestamp', timestamp, '1700000000.123', '1700000000.123'],
  ['timestamp', timestamp, '10m', undefined],
  ['whole', whole(10), '007', '7'],
  ['whole', whole(10), '11', undefined],
  ['whole', whole(10), '-1', undefined],
  ['whole', whole(10), '1e1', undefined],
  ['one of', oneOf('previous'), 'previous', 'previous'],
  ['one of', oneOf('previous'), 'next', undefined],
  ['matching', matching(/^[a-z]+$/), 'abc', 'abc'],
  ['matching', matching(/^[a-z]+$/), 'abc\n', undefined],
  ['filters', labelled, '{ "label": ["a=b"] }', '{"label":["a=b"]}'],
  ['filters', labelled, '{"label":{"a=b":true}}', '{"label":["a=b"]}'],
  ['filters', labelled, '{}', '{}'],
  ['filters', labelled, '{"label":{"a=b":false}}', undefined],
  ['filters', labelled, '{"label":"a"}', undefined],
  ['filters', labelled, '{"label":[1]}', undefined],
  ['filters', labelled, '{"label":null}', undefined],
  ['filters', labelled, '{"volume":["a"]}', undefined],
  ['filters', labelled, '{"label":["a"],"label":["b"]}', undefined],
  ['filters', labelled, '[]', undefined],
  ['filters', labelled, 'label=a', undefined],
  ['filters', labelled, JSON.stringify({ label: Array.from({ length: 200 }, () => 'a') }), undefined],
])('%s', (_name, rule, value, result) => expect(rule(value)).toBe(result));
