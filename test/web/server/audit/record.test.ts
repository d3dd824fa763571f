// Records: personal values only as commitments, text from outside made harmless, everything bounded.
import { expect, test } from 'vitest';
import { auditRecord } from '../../../../core/contracts/audit.ts';
import type { Json } from '../../../../web/server/audit/canonical.ts';
import { canonical } from '../../../../web/server/audit/canonical.ts';
import { type AuditEntry, commitment, seal, tame } from '../../../../web/server/audit/record.ts';
import { sha256 } from '../../../../web/server/crypto.ts';

const salt = new Uint8Array(32).fill(5);
const place = { seq: 3, previousRoot: new Uint8Array(32), time: '2026-01-02T03:04:05.000Z' };

function sealed(entry: Partial<AuditEntry>) {
  const whole: AuditEntry = {
    kind: 'open',
    actor: { kind: 'person', id: 'p1' },
    action: 'person:invite',
    subject: 'person/p2',
    ...entry,
  };
  return seal({ sha256, salt: () => salt }, whole, place);
}

test('a record fits its contract, and its text is its canonical form', () => {
  const { record, text } = sealed({ detail: { role: 'operator' } });
  expect(auditRecord.parse(record)).toEqual(record);
  expect(text).toBe(canonical(record as unknown as Json));
});

test('a personal value is not in the record; value and salt prove what it was', () => {
  const { record, text, personal } = sealed({ personal: [{ field: 'name', person: 'p2', value: 'Ada Lovelace' }] });
  expect(text).not.toContain('Ada');
  expect(personal).toEqual([{ field: 'name', person: 'p2', value: 'Ada Lovelace', salt }]);
  expect(commitment(sha256, salt, 'Ada Lovelace')).toBe(record.personal['name']);
  expect(commitment(sha256, salt, 'Ada Byron')).not.toBe(record.personal['name']);
});

test.each([
  { given: 'a line break', text: 'a\r\nb', gives: 'a\\u{d}\\u{a}b' },
  { given: 'a terminal escape', text: '\u001b[31mred', gives: '\\u{1b}[31mred' },
  { given: 'a direction override', text: 'abc\u202etxt', gives: 'abc\\u{202e}txt' },
  { given: 'a lone surrogate', text: 'a\ud800', gives: 'a\ufffd' },
  { given: 'an emoji', text: 'ok \u{1f600}', gives: 'ok \u{1f600}' },
  { given: 'more than the bound', text: 'x'.repeat(50), gives: `${'x'.repeat(19)}…` },
])('$given is made harmless', ({ text, gives }) => {
  expect(tame(text, 20)).toBe(gives);
});

test('a megabyte, deep nesting, many members and NaN stay within bounds', () => {
  let deep: Json = 'end';
  for (let i = 0; i < 50; i++) deep = { deep };
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i]));
  const { text } = sealed({ subject: 'y'.repeat(1e6), detail: { big: 'x'.repeat(1e6), deep, many, bad: Number.NaN } });
  expect(text.length).toBeLessThan(5_000);
  expect(JSON.parse(text).detail.bad).toBe('NaN');
});
