// A wrong setting is told from a crash: only the first never gets better by itself.
import { expect, test } from 'vitest';
import { isRefusal } from '../../../compose/start/refusal.ts';
import { ConfigError } from '../../../core/runtime/config.ts';

const complaint = `${new ConfigError(['DETECTOR_TICK="abc": give a duration']).message}\n`;
const wrong = { everReady: false, reason: 'exit code 1', complaint };

test.each([
  { given: 'wrong settings', ending: wrong, refusal: true },
  {
    given: 'wrong settings below a warning',
    ending: { ...wrong, complaint: `(node) old\n${complaint}` },
    refusal: true,
  },
  { given: 'a source that is not known', ending: { ...wrong, complaint: 'No source is called x.\n' }, refusal: true },
  { given: 'one that was ready before', ending: { ...wrong, everReady: true }, refusal: false },
  { given: 'another exit code', ending: { ...wrong, reason: 'exit code 3' }, refusal: false },
  { given: 'a signal', ending: { ...wrong, reason: 'SIGKILL' }, refusal: false },
  { given: 'another complaint', ending: { ...wrong, complaint: 'Port 9401 is taken\n' }, refusal: false },
])('$given: $refusal', ({ ending, refusal }) => expect(isRefusal(ending)).toBe(refusal));
