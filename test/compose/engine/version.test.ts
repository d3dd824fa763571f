// Versions: read from what programs print, compared with the oldest that serves.
import { expect, test } from 'vitest';
import { isAtLeast, oldestAlertmanager, oldestPrometheus, parseVersion } from '../../../compose/engine/version.ts';

test.each([
  {
    printed: 'prometheus, version 2.53.3+ds1 (branch: debian/sid)\n  go version: go1.24',
    text: '2.53.3+ds1',
    serves: true,
  },
  { printed: 'prometheus, version 3.5.3 (branch: HEAD)', text: '3.5.3', serves: true },
  { printed: 'prometheus, version 2.42.0+ds (branch: debian/sid)', text: '2.42.0+ds', serves: true },
  { printed: 'prometheus, version 2.41.0', text: '2.41.0', serves: false },
  { printed: 'prometheus, version 1.8.2', text: '1.8.2', serves: false },
])('$printed → serves: $serves', ({ printed, text, serves }) => {
  const version = parseVersion(printed)!;
  expect(version.text).toBe(text);
  expect(isAtLeast(version, oldestPrometheus)).toBe(serves);
});

test('what prints no version has none', () => {
  expect(parseVersion('error while loading shared libraries')).toBeUndefined();
  expect(parseVersion('')).toBeUndefined();
});

test.each([
  { given: 'of Debian 12', printed: 'alertmanager, version 0.25.0 (branch: )', serves: true },
  { given: 'without time zones', printed: 'alertmanager, version 0.24.0', serves: false },
])('Alertmanager $given → serves: $serves', ({ printed, serves }) => {
  expect(isAtLeast(parseVersion(printed)!, oldestAlertmanager)).toBe(serves);
});
