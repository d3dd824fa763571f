// Alerts with the words of their rules, and the runbook that belongs to each.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRunbook, readAlerts, sectionsOf } from '../../../../web/server/watch/alerts.ts';
import { readRunbooks } from '../../../../web/server/watch/runbook-files.ts';
import { fakePrometheus } from '../../../fakes/prometheus.ts';

const full = {
  labels: { alertname: 'DiskFullSoon', severity: 'warning', mountpoint: '/' },
  annotations: { summary: 'Full in 3 h', description: 'At the pace of six hours.', runbook: 'r.md#x' },
  ...{ state: 'firing', activeAt: '2026-01-02T03:04:05.678901234Z' },
};

async function read(...alerts: object[]) {
  const prometheus = fakePrometheus();
  prometheus.answers['/api/v1/alerts'] = { alerts };
  return readAlerts(prometheus);
}

describe('alerts', () => {
  test('have since when, on what and why', async () => {
    expect(await read(full)).toEqual([
      {
        ...{ name: 'DiskFullSoon', severity: 'warning', labels: { mountpoint: '/' }, since: 1_767_323_045.678 },
        ...{ summary: 'Full in 3 h', description: 'At the pace of six hours.' },
      },
    ]);
  });

  test.each([
    { given: 'one that waits for its time', alert: { ...full, state: 'pending' }, shown: 0 },
    { given: 'one that fires', alert: full, shown: 1 },
  ])('$given is shown $shown times', async ({ alert, shown }) => {
    expect(await read(alert)).toHaveLength(shown);
  });

  test('what a rule does not say is unknown, not empty', async () => {
    const [bare] = await read({ labels: { alertname: 'Theirs' }, state: 'firing', activeAt: 'soon' });
    expect(bare).toEqual({
      ...{ name: 'Theirs', severity: '', labels: {}, since: null, summary: null, description: null },
    });
  });

  test('an answer of another shape is an error, never an empty list', async () => {
    await expect(readAlerts(fakePrometheus())).rejects.toThrow();
  });
});

describe('runbooks', () => {
  const books = sectionsOf(['# Disks\n\n## Full\n\nMake room.\n\n1. Look.\n\n## Slow\n\nWait.\n', '# Empty\n']);

  test('are found by the name of the alert', () => {
    expect(findRunbook(books, 'Full')).toEqual({ alert: 'Full', text: 'Make room.\n\n1. Look.' });
    expect(findRunbook(books, 'Slow').text).toBe('Wait.');
  });

  test('one that is not there is refused with a reason', () => {
    expect(() => findRunbook(books, 'Disks')).toThrow(/no runbook/);
  });

  test('those that ship with Odyssey are read; a folder that is not there has none', () => {
    const shipped = readRunbooks(join(import.meta.dirname, '../../../../alerts/runbooks'));
    expect(findRunbook(shipped, 'TargetDown').text.length).toBeGreaterThan(50);
    expect(readRunbooks('/nowhere/at/all').size).toBe(0);
  });
});
