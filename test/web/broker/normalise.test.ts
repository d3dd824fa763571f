// A request line is read in one way or not at all.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseTarget } from '../../../web/broker/normalise.ts';

const read = (target: string, method = 'GET') => {
  const normalised = normaliseTarget(method, target);
  if (normalised.kind === 'refused') return normalised.reason;
  const { segments, query } = normalised.target;
  return [segments.join('|'), ...[...query].map(([name, value]) => `${name}=${value}`)].join(' ');
};

test.each([
  ['/containers/json', 'containers|json'],
  ['//containers///json//', 'containers|json'],
  ['/./containers/%2e/json', 'containers|json'],
  ['/a/../containers/%2e%2E/containers/json', 'containers|json'],
  ['/../../containers/json', 'containers|json'],
  ['/v1.43/containers/json', 'containers|json'],
  ['/x/../v1.43/containers/json', 'containers|json'],
  ['/%63ontainers/json', 'containers|json'],
  ['/Containers/JSON', 'Containers|JSON'],
  ['/v1/containers', 'v1|containers'],
  ['/images/registry:5000/a/b@sha256:00/json', 'images|registry:5000|a|b@sha256:00|json'],
  ['/a?x=1&y=%7B%22a%22%3A%5B%5D%7D&z=a+b', 'a x=1 y={"a":[]} z=a b'],
  ['/a?&&x', 'a x='],
  ['/a??x', 'query-encoding'],
  ['/a%2fb', 'target-encoding'],
  ['/a%5cb', 'target-encoding'],
  ['/a%252e', 'target-encoding'],
  ['/a%3fb', 'target-encoding'],
  ['/a%00', 'target-encoding'],
  ['/a%0d%0a', 'target-encoding'],
  ['/a%', 'target-encoding'],
  ['/a%ff', 'target-encoding'],
  ['/a%c0%ae', 'target-encoding'],
  ['/a\\b', 'target-characters'],
  ['/a#b', 'target-characters'],
  ['/a;b', 'target-characters'],
  ['/a b', 'target-characters'],
  ['/ä', 'target-characters'],
  ['http://docker/a', 'target-form'],
  ['docker:80', 'target-form'],
  ['*', 'target-form'],
  ['', 'target-form'],
  [`/${'a'.repeat(9_000)}`, 'target-length'],
  ['/a?x=1&x=1', 'query-duplicate'],
  ['/a?x=1&%78=2', 'query-duplicate'],
  ['/a?x=%', 'query-encoding'],
  ['/a?x%00=1', 'query-encoding'],
  ['/a?x[]=1', 'query-encoding'],
])('%s → %s', (target, result) => expect(read(target)).toBe(result));

test.each(['HEAD', 'PUT', 'PATCH', 'OPTIONS', 'CONNECT', 'TRACE', 'get', 'GET ', ''])(
  'the method %o is refused',
  (method) => {
    expect(read('/containers/json', method)).toBe('method');
  },
);

test('what is read and written anew is read the same again', () => {
  const parts = fc.constantFrom('a', 'b', '.', '..', '', '%2e', '%61', '%2f', 'v1.43', '%25', 'é');
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 8 }), (segments) => {
      const first = normaliseTarget('GET', `/${segments.join('/')}`);
      if (first.kind === 'refused') return;
      expect(first.target.segments).not.toContain('..');
      const again = normaliseTarget('GET', `/v1.43/${first.target.segments.map(encodeURIComponent).join('/')}`);
      expect(again).toEqual(first);
    }),
  );
});
