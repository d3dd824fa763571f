// Scripts inside the arguments of other programs are taken out.
import { expect, test } from 'vitest';
import { embeddedScripts } from '../../../../../detectors/process/threats/shell/embedded.ts';

test.each([
  { args: ['.shell id -u'], gives: ['id -u'] },
  { args: [':!id'], gives: ['id'] },
  { args: ['\\! id'], gives: ['id'] },
  { args: ['import os; os.system("id"); os.system(\'ls\')'], gives: ['id', 'ls'] },
  { args: ['system("never closed'], gives: [] },
  { args: ['-l', 'plain'], gives: [] },
])('$args', ({ args, gives }) => {
  expect(embeddedScripts(args)).toEqual(gives);
});

test('their number is bounded', () => {
  expect(embeddedScripts(['system("a");'.repeat(500)])).toHaveLength(16);
});
