// What was typed is given back once, to the same person on the same page alone.
import { expect, test } from 'vitest';
import { Drafts } from '../../../../web/console/state/drafts.ts';

const draft = { person: 'ada', path: '/deploy', content: 'services: …' };

test.each([
  { given: 'the same person on the same page', person: 'ada', path: '/deploy', gets: 'services: …' },
  { given: 'somebody else', person: 'bob', path: '/deploy', gets: undefined },
  { given: 'another page', person: 'ada', path: '/deployments/shop/update', gets: undefined },
])('$given gets $gets', ({ person, path, gets }) => {
  const drafts = new Drafts();
  drafts.keep(draft);
  expect(drafts.take(person, path)).toBe(gets);
});

test('it is given out once, and the newest one counts', () => {
  const drafts = new Drafts();
  drafts.keep(draft);
  drafts.keep({ ...draft, content: 'newer' });
  expect([drafts.take('ada', '/deploy'), drafts.take('ada', '/deploy')]).toEqual(['newer', undefined]);
});

test('whoever comes in leaves nothing of another, and all of their own', () => {
  const drafts = new Drafts();
  drafts.keep(draft);
  drafts.keepOnly('ada');
  expect(drafts.take('ada', '/deploy')).toBe('services: …');
  drafts.keep(draft);
  drafts.keepOnly('bob');
  expect(drafts.take('ada', '/deploy')).toBeUndefined();
});
