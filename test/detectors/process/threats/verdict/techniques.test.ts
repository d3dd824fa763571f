// Former ATT&CK ids lead to today's.
import { expect, test } from 'vitest';
import { currentTechnique } from '../../../../../detectors/process/threats/verdict/techniques.ts';

test.each([
  { id: 'T1562.004', now: 'T1686' },
  { id: 'T1562.003', now: 'T1690' },
  { id: 'T1070.002', now: 'T1685.006' },
  { id: 'T1059.004', now: 'T1059.004' },
])('$id is $now', ({ id, now }) => {
  expect(currentTechnique(id)).toBe(now);
});
