// Two revisions beside each other: only what differs, a changed variable on both sides.
import { expect, test } from 'vitest';
import { textsOfDiff } from '../../../../web/console/values/revision-words.ts';

test('what differs, on the side where it is', () => {
  const texts = textsOfDiff({
    ...{ from: 'r1', to: 'r2', image: { from: 'shop@sha256:aa', to: 'shop@sha256:bb' } },
    env: { added: ['NEW'], removed: ['OLD'], changed: ['LEVEL'] },
    fields: [
      { field: 'limits.cpus', from: '0.5', to: '1' },
      { field: 'port', from: '–', to: '8080' },
    ],
  });
  expect(texts.before.split('\n')).toEqual(['image: shop@sha256:aa', 'env OLD', 'env LEVEL', 'limits.cpus: 0.5']);
  expect(texts.after.split('\n')).toEqual([
    ...['image: shop@sha256:bb', 'env NEW', 'env LEVEL: another value', 'limits.cpus: 1', 'port: 8080'],
  ]);
});

test('nothing differs: both are empty', () => {
  const nothing = { from: 'r1', to: 'r2', image: null, env: { added: [], removed: [], changed: [] }, fields: [] };
  expect(textsOfDiff(nothing)).toEqual({ before: '', after: '' });
});
