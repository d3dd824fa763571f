// When a test run is green.
import { describe, expect, test } from 'vitest';
import { judgeRun } from './verdict.ts';

const counts = { passed: 10, failed: 0, skipped: [], broken: 0 };
const skip = (name: string, reason?: string) => ({ skipped: [{ name, reason }] });

describe('verdict', () => {
  test.each([
    { given: 'all pass', changed: {}, local: 0, ci: 0 },
    { given: 'one fails', changed: { failed: 1 }, local: 1, ci: 1 },
    { given: 'a file breaks', changed: { broken: 1 }, local: 1, ci: 1 },
    { given: 'nothing ran', changed: { passed: 0 }, local: 1, ci: 1 },
    { given: 'a skip without a reason', changed: skip('engine: starts'), local: 0, ci: 1 },
    { given: 'a skip with another reason', changed: skip('engine: starts', 'no promtool'), local: 0, ci: 1 },
    { given: 'absent labelled data', changed: skip('nab', 'labelled data is absent'), local: 0, ci: 0 },
    { given: 'absent labelled data, by name', changed: skip('on labelled data: beats the bar'), local: 0, ci: 0 },
    { given: 'an absent GPU', changed: skip('nvidia', 'no GPU here'), local: 0, ci: 0 },
    {
      given: 'a reason that is none of these, whatever the name',
      changed: skip('GPU: parses', 'slow'),
      local: 0,
      ci: 1,
    },
  ])('$given → $local here, $ci in CI', ({ changed, local, ci }) => {
    expect(judgeRun({ ...counts, ...changed }, false).exitCode).toBe(local);
    expect(judgeRun({ ...counts, ...changed }, true).exitCode).toBe(ci);
  });

  test('the closing line counts, and every skip is named with its reason', () => {
    const { lines } = judgeRun({ ...counts, ...skip('nab', 'labelled data is absent') }, true);
    expect(lines).toEqual(['skipped: nab (labelled data is absent)', '10 passed, 0 failed, 1 skipped']);
  });
});
