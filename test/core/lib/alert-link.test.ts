// Links to an alert: the same whatever order its labels have, whole after the way through an address, and harmless in a template.
import { describe, expect, test } from 'vitest';
import { alertKey, alertPath, alertsPath, consoleRoot, runbookPlace } from '../../../core/lib/alert-link.ts';

test('an alert has one key, and another one has another', () => {
  const one = { name: 'DiskFull', labels: { instance: 'h1', device: 'sda' } };
  expect(alertKey(one)).toBe(alertKey({ name: 'DiskFull', labels: { device: 'sda', instance: 'h1' } }));
  expect(alertKey(one)).not.toBe(alertKey({ ...one, labels: { instance: 'h1', device: 'sdb' } }));
  expect(alertKey(one)).not.toBe(alertKey({ ...one, name: 'DiskSlow' }));
});

test('its path carries every sign of its labels', () => {
  const alert = { name: 'DiskFull', labels: { mountpoint: '/srv/a&b=c?d#e "f" <g>|h ü' } };
  const path = alertPath(alert);
  expect(path).not.toMatch(/[ "<>|#ü]/);
  expect(new URL(path, 'https://c.example.org').searchParams.get('alert')).toBe(alertKey(alert));
});

test('a name alone leads to the list', () => {
  expect(alertsPath('DiskFull')).toBe('/alerts?t.q=DiskFull');
});

describe('the console’s address', () => {
  test.each([
    { given: 'https://c.example.org', root: 'https://c.example.org' },
    { given: 'https://c.example.org/ops//', root: 'https://c.example.org/ops' },
    { given: 'https://c.example.org/a%20b', root: 'https://c.example.org/a%20b' },
    { given: 'https://c.example.org/{{ .Labels }}', root: 'https://c.example.org/%7B%7B%20.Labels%20%7D%7D' },
    { given: 'https://c.example.org/100%', root: 'https://c.example.org/100%25' },
  ])('$given', ({ given, root }) => {
    expect(consoleRoot(given)).toBe(root);
  });
});

test('without a console the section is named', () => {
  expect(runbookPlace('DiskFull', 'alerts/runbooks/resources.md')).toMatch(
    /^section DiskFull of alerts\/runbooks\/resources\.md,/,
  );
});
