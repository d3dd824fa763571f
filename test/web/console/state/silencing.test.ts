// Silences for every page: what is parted from what fires, and that a failed answer makes all of it unknown.
import { describe, expect, test } from 'vitest';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { Silencing } from '../../../../web/console/state/silencing.svelte.ts';
import { fakePorts, problem, type Told } from '../ports.ts';

const alert = (name: string) => ({ name, severity: 'warning', labels: { instance: 'one' } });
const over = (name: string) => ({
  ...{ id: name, state: 'active', owner: 'ada', reason: 'known', startSeconds: 1, endSeconds: 2, hits: 1, alerts: [] },
  matchers: [{ name: 'alertname', value: name, isRegex: false, isEqual: true }],
});

async function after(...answers: readonly Told[]): Promise<Silencing> {
  const left = [...answers];
  const silencing = new Silencing(new App(fakePorts(() => left.shift()!)));
  for (const _ of answers) await silencing.query.refresh();
  return silencing;
}

const held: Told = { body: { items: [over('Hot')] } };
const lost = problem(503, 'no-answer');

describe('what fires is parted from what is silenced', () => {
  test.each([
    { given: 'before anything was read', answers: [], firing: ['Hot', 'Full'], silenced: [], unknown: undefined },
    { given: 'one is held back', answers: [held], firing: ['Full'], silenced: ['Hot'], unknown: undefined },
    { given: 'no answer', answers: [lost], firing: ['Hot', 'Full'], silenced: [], unknown: 'It is no-answer.' },
    {
      given: 'an answer lost',
      answers: [held, lost],
      firing: ['Hot', 'Full'],
      silenced: [],
      unknown: 'It is no-answer.',
    },
    { given: 'an answer again', answers: [held, lost, held], firing: ['Full'], silenced: ['Hot'], unknown: undefined },
  ])('$given', async ({ answers, firing, silenced, unknown }) => {
    const silencing = await after(...answers);
    const parts = silencing.part([alert('Hot'), alert('Full')]);
    expect(parts.firing.map(({ name }) => name)).toEqual(firing);
    expect(parts.silenced.map(({ name }) => name)).toEqual(silenced);
    expect(silencing.unknown).toBe(unknown);
  });
});
