// A question that holds something up: one answer for all who wait for it, and none for whoever asked something else meanwhile.
import { expect, test } from 'vitest';
import { Question } from '../../../../web/console/state/question.svelte.ts';

test('who asks the same while it stands waits for the same answer', async () => {
  const password = new Question();
  const both = [password.ask(), password.ask()];
  password.answer(true);
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(password.asked).toBeUndefined();
});

test('yes to one danger is no yes to another that was asked meanwhile', async () => {
  const danger = new Question<{ title: string }>();
  const first = danger.ask({ title: 'Remove shop' });
  const second = danger.ask({ title: 'Remove db' });
  expect(danger.asked?.about.title).toBe('Remove shop');
  danger.answer(true);
  expect([await first, await second]).toEqual([true, undefined]);
  const third = danger.ask({ title: 'Remove db' });
  danger.answer(true);
  expect(await third).toBe(true);
});
