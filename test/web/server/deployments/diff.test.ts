// What differs between two revisions, and that no value of an environment is ever told; the hash that sees every difference.
import { expect, test } from 'vitest';
import { sha256 } from '../../../../web/server/crypto.ts';
import { diff } from '../../../../web/server/deployments/diff.ts';
import { specHash } from '../../../../web/server/deployments/spec-hash.ts';
import { spec } from './samples.ts';

test('names of variables, the image as it was resolved, fields with both values', () => {
  const from = { revision: 'r1', pinned: 'sha256:1', spec: spec({ env: { A: 'secret-1', B: 'x', C: 'y' } }) };
  const to = {
    ...{ revision: 'r2', pinned: 'sha256:2' },
    spec: spec({ env: { A: 'secret-2', C: 'y', D: 'z' }, limits: { memoryMegabytes: 64, cpus: 0.5 } }),
  };
  const found = diff(from, to);
  expect(found).toEqual({
    ...{ from: 'r1', to: 'r2', image: { from: 'sha256:1', to: 'sha256:2' } },
    env: { added: ['D'], removed: ['B'], changed: ['A'] },
    fields: [{ field: 'limits.memoryMegabytes', from: '512', to: '64' }],
  });
  expect(JSON.stringify(found)).not.toContain('secret-');
});

test('nothing differs from itself', () => {
  const one = { revision: 'r1', pinned: 'sha256:1', spec: spec() };
  expect(diff(one, one)).toMatchObject({ image: null, env: { added: [], removed: [], changed: [] }, fields: [] });
});

test.each([
  { given: 'another order of variables', change: { env: { B: '2', A: '1' } }, pinned: 'sha256:1', same: true },
  {
    given: 'another tag of the same image',
    change: { env: { A: '1', B: '2' }, image: 'shop:latest' },
    pinned: 'sha256:1',
    same: true,
  },
  { given: 'another value', change: { env: { A: '1', B: '3' } }, pinned: 'sha256:1', same: false },
  { given: 'another image', change: { env: { A: '1', B: '2' } }, pinned: 'sha256:2', same: false },
])('the hash of $given is the same: $same', ({ change, pinned, same }) => {
  const hash = specHash(sha256, spec({ env: { A: '1', B: '2' } }), 'sha256:1');
  expect(specHash(sha256, spec(change), pinned) === hash).toBe(same);
});
