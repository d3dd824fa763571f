// One text for one alert, whatever the order of its labels.
import { expect, test } from 'vitest';
import { alertHref, keyOf } from '../../../../web/console/values/alert-words.ts';

test('the order of labels says nothing, their values do', () => {
  const alert = { name: 'Full', labels: { device: 'sda', instance: 'h1' } };
  expect(keyOf({ name: 'Full', labels: { instance: 'h1', device: 'sda' } })).toBe(keyOf(alert));
  expect(keyOf({ ...alert, labels: { ...alert.labels, device: 'sdb' } })).not.toBe(keyOf(alert));
  expect(new URL(alertHref(alert), 'http://c').searchParams.get('alert')).toBe(keyOf(alert));
});
