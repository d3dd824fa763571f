// One text for one alert, whatever the order of its labels.
import { expect, test } from 'vitest';
import { alertHref, keyOf, unnamedIn } from '../../../../web/console/values/alert-words.ts';

test('the order of labels says nothing, their values do', () => {
  const alert = { name: 'Full', labels: { device: 'sda', instance: 'h1' } };
  expect(keyOf({ name: 'Full', labels: { instance: 'h1', device: 'sda' } })).toBe(keyOf(alert));
  expect(keyOf({ ...alert, labels: { ...alert.labels, device: 'sdb' } })).not.toBe(keyOf(alert));
  expect(new URL(alertHref(alert), 'http://c').searchParams.get('alert')).toBe(keyOf(alert));
});

test.each([
  { summary: 'The detector finds memory strange on orion', labels: { instance: 'orion', name: 'api' }, says: 'api' },
  { summary: 'api on orion uses 93 % of its memory', labels: { instance: 'orion', name: 'api' }, says: undefined },
  { summary: 'broker does not answer', labels: { instance: 'orion', job: 'broker' }, says: undefined },
])('"$summary" does not name $says', ({ summary, labels, says }) => {
  expect(unnamedIn(summary, labels as Record<string, string>)).toBe(says);
});
