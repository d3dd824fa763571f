// The doctor's report as a person reads it.
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../../compose/doctor/report.ts';
import type { Finding } from '../../../core/contracts/doctor.ts';

const findings: Finding[] = [
  { name: 'memory', state: 'ok', says: '4 GiB' },
  { name: 'disk', state: 'fail', says: 'full', fix: 'Free some.' },
  { name: 'time', state: 'unknown', says: 'nobody knows' },
];

describe('report', () => {
  test('every line, the fix below its own', () => {
    expect(renderReport(findings, 'all')).toEqual([
      'ok       memory  4 GiB',
      'FAIL     disk    full',
      '                 → Free some.',
      'unknown  time    nobody knows',
      '1 ok, 0 to look at, 1 failed, 1 unknown',
    ]);
  });

  test('short: only what is not ok, with the count of all', () => {
    const lines = renderReport(findings, 'not-ok');
    expect(lines.some((line) => line.includes('memory'))).toBe(false);
    expect(lines.at(-1)).toBe('1 ok, 0 to look at, 1 failed, 1 unknown');
  });

  test('nothing to tell is one line', () => {
    expect(renderReport([findings[0]!], 'not-ok')).toEqual(['1 ok, 0 to look at, 0 failed, 0 unknown']);
  });
});
