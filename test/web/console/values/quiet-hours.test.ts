// Quiet hours as a form changes them; what it makes the contract takes.
import { describe, expect, test } from 'vitest';
import { noNotifications, notificationSettings, weekdays } from '../../../../core/contracts/notifications.ts';
import {
  addSpan,
  days,
  editSpan,
  faultOfSpan,
  removeSpan,
  sayQuietSpan,
  spansMax,
  toggleDay,
} from '../../../../web/console/values/quiet-hours.ts';

const none = noNotifications.quietHours;
const one = addSpan(none, 'Europe/Berlin');
const [night] = one.spans as [(typeof one.spans)[number]];
const takes = (quietHours: typeof none) => notificationSettings.safeParse({ ...noNotifications, quietHours }).success;

test('the days are those of the contract', () => {
  expect(days.map(({ day }) => day)).toEqual(weekdays);
});

describe('adding', () => {
  test('the first takes the zone of whoever adds it, and the contract takes it', () => {
    expect(one.timeZone).toBe('Europe/Berlin');
    expect(takes(one)).toBe(true);
  });

  test('a zone that was chosen stays', () => {
    expect(addSpan({ ...none, timeZone: 'Asia/Tokyo' }, 'Europe/Berlin').timeZone).toBe('Asia/Tokyo');
    expect(addSpan(one, 'Asia/Tokyo').timeZone).toBe('Europe/Berlin');
  });

  test('there are as many as the contract takes, and no more', () => {
    let quiet = none;
    for (let count = 0; count < spansMax + 3; count++) quiet = addSpan(quiet, 'UTC');
    expect([quiet.spans.length, takes(quiet)]).toEqual([spansMax, true]);
    expect(takes({ ...quiet, spans: [...quiet.spans, night] })).toBe(false);
  });
});

test('one is changed or taken away, the others stay', () => {
  const two = addSpan(one, 'UTC');
  expect(editSpan(two, 1, { from: '20:00' }).spans.map(({ from }) => from)).toEqual(['22:00', '20:00']);
  expect(removeSpan(editSpan(two, 1, { from: '20:00' }), 0).spans.map(({ from }) => from)).toEqual(['20:00']);
});

test('a day goes out and comes back in its place', () => {
  const without = toggleDay(night, 'tuesday');
  expect(without).toHaveLength(6);
  expect(toggleDay({ ...night, days: without }, 'tuesday')).toEqual([...weekdays]);
});

test.each([
  { span: night, says: '22:00–07:00 the day after, every day' },
  { span: { days: ['monday', 'friday'], from: '12:00', to: '13:00' }, says: '12:00–13:00, on Mon, Fri' },
  { span: { days: [], from: '12:00', to: '13:00' }, says: '12:00–13:00, on no day' },
] as const)('$says', ({ span, says }) => {
  expect(sayQuietSpan({ ...span, days: [...span.days] })).toBe(says);
});

test.each([
  { given: 'a night', change: {}, fault: undefined },
  { given: 'no day', change: { days: [] }, fault: 'at least one day' },
  { given: 'no length', change: { to: '22:00' }, fault: 'differ' },
  { given: 'a time that was taken out', change: { to: '' }, fault: 'both times' },
])('$given', ({ change, fault }) => {
  const span = { ...night, ...change };
  if (fault === undefined) expect(faultOfSpan(span)).toBeUndefined();
  else expect(faultOfSpan(span)).toContain(fault);
  expect(takes({ timeZone: 'UTC', spans: [span] })).toBe(fault === undefined);
});
