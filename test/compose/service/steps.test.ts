// Installing and removing the service: what is handed over to its user, and when it counts as started.
import { expect, test } from 'vitest';
import { foldersMade, isSteady, renderRemoval } from '../../../compose/service/steps.ts';

test.each([
  { given: 'nothing was made', first: undefined, folders: [] },
  { given: 'the data folder alone', first: '/srv/odyssey/data', folders: ['/srv/odyssey/data'] },
  { given: 'its parents too', first: '/srv', folders: ['/srv', '/srv/odyssey', '/srv/odyssey/data'] },
])('$given', ({ first, folders }) => expect(foldersMade(first, '/srv/odyssey/data')).toEqual(folders));

test.each([
  { states: ['active', 'active', 'active'], steady: true },
  { states: ['active', 'activating', 'active'], steady: false },
  { states: ['active', 'failed'], steady: false },
  { states: [''], steady: false },
  { states: [], steady: false },
])('$states: $steady', ({ states, steady }) => expect(isSteady(states)).toBe(steady));

test('a removal names its commands, and no unit', () => {
  expect(renderRemoval()).toMatch(
    /^systemctl disable --now odyssey\.service\nrm \S+odyssey\.service\nsystemctl daemon-reload$/,
  );
});
