// A table of routes that is not fit to be served is named, route by route.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { nothing } from '../../../../core/contracts/api.ts';
import { faultsOf, type Route, route } from '../../../../web/server/http/route.ts';

const params = z.strictObject({ environment: z.string() });
const act = { action: 'a:b', subject: () => 's' };
const sound = {
  method: 'post',
  path: '/x',
  access: 'session',
  summary: 's',
  answer: nothing,
  act,
  handle: () => ({}),
} as const;

function make(members: object): Route {
  return { ...route(sound), ...members } as Route;
}

test('a sound route has no fault', () => {
  expect(faultsOf([route(sound)])).toEqual([]);
});

test.each([
  { members: { access: undefined }, fault: 'declares no permission' },
  { members: { act: undefined }, fault: 'not recorded' },
  { members: { method: 'get', body: nothing }, fault: 'a body with GET' },
  { members: { access: 'environment:write' }, fault: 'which parameter names it' },
  { members: { access: 'environment:write', environment: 'environment', params }, fault: 'lacks the parameter' },
  { members: { path: '/x/:environment' }, fault: 'does not check its parameters' },
  { members: { access: 'public', fresh: true }, fault: 'freshly confirmed' },
  { members: { answer: undefined }, fault: 'what it answers' },
  { members: { events: true }, fault: 'no plain GET' },
])('$fault', ({ members, fault }) => {
  expect(faultsOf([make(members)]).join()).toContain(fault);
});

test('the same address twice is a fault', () => {
  expect(faultsOf([make({}), make({})])).toEqual(['POST /x is declared twice']);
});
