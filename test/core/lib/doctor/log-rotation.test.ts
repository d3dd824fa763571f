// Docker's daemon.json: are the logs of containers bounded?
import { expect, test } from 'vitest';
import { rotatesLogs } from '../../../../core/lib/doctor/log-rotation.ts';

test.each([
  { text: '{"log-opts": {"max-size": "10m"}}', expected: true },
  { text: '{"log-opts": {"max-file": "3"}}', expected: false },
  { text: '{"log-opts": null}', expected: false },
  { text: '{}', expected: false },
  { text: '{"log-opts": ', expected: undefined },
  { text: 'null', expected: false },
])('$text → $expected', ({ text, expected }) => {
  expect(rotatesLogs(text)).toBe(expected);
});
