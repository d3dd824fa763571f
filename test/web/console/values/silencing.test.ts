// Which silence is over an alert: Alertmanager's word first, its matchers where it has not heard of the alert.
import { expect, test } from 'vitest';
import { silenceOver } from '../../../../web/console/values/silencing.ts';

const disk = { name: 'DiskFull', severity: 'critical', labels: { instance: 'one', device: 'sda' } };
const is = (name: string, value: string, more = {}) => ({ name, value, isRegex: false, isEqual: true, ...more });
const silence = (id: string, matchers: ReturnType<typeof is>[], more = {}) => ({
  ...{ id, state: 'active', owner: 'ada', reason: 'known', startSeconds: 1, endSeconds: 10, hits: 0, alerts: [] },
  ...{ matchers, ...more },
});

test.each([
  { given: 'its name', matchers: [is('alertname', 'DiskFull')], holds: true },
  { given: 'its name and its thing', matchers: [is('alertname', 'DiskFull'), is('device', 'sda')], holds: true },
  { given: 'another thing', matchers: [is('alertname', 'DiskFull'), is('device', 'sdb')], holds: false },
  { given: 'its severity', matchers: [is('severity', 'critical')], holds: true },
  { given: 'another severity', matchers: [is('severity', 'warning')], holds: false },
  { given: 'all but another thing', matchers: [is('device', 'sdb', { isEqual: false })], holds: true },
  { given: 'all but its own thing', matchers: [is('device', 'sda', { isEqual: false })], holds: false },
  { given: 'a label that it lacks', matchers: [is('zone', 'a')], holds: false },
  { given: 'the lack of a label', matchers: [is('zone', '')], holds: true },
  {
    given: 'a pattern that Alertmanager has not judged',
    matchers: [is('device', 'sd.', { isRegex: true })],
    holds: false,
  },
])('a silence on $given holds it back: $holds', ({ matchers, holds }) => {
  expect(silenceOver(disk, [silence('s', matchers)])?.id).toBe(holds ? 's' : undefined);
});

test.each([
  {
    given: 'that alert, in another order',
    listed: { ...disk, labels: { device: 'sda', instance: 'one' } },
    holds: true,
  },
  { given: 'one of another severity', listed: { ...disk, severity: 'warning' }, holds: false },
  { given: 'one of another thing', listed: { ...disk, labels: { instance: 'one', device: 'sdb' } }, holds: false },
])('a pattern of which Alertmanager says that it holds $given: $holds', ({ listed, holds }) => {
  const pattern = [is('device', '(?i)SD.', { isRegex: true })];
  expect(silenceOver(disk, [silence('s', pattern, { alerts: [listed] })])?.id).toBe(holds ? 's' : undefined);
});

test('of several the one that ends last counts, and none that is still to come', () => {
  const fitting = [is('alertname', 'DiskFull')];
  const all = [
    silence('soon', fitting, { endSeconds: 5 }),
    silence('late', fitting, { endSeconds: 50 }),
    silence('pending', fitting, { endSeconds: 99, state: 'pending' }),
  ];
  expect(silenceOver(disk, all)?.id).toBe('late');
});
