// What a question leaves behind in the browser: nothing.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { type Component, tick } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import Questions from '../../../../web/console/parts/Questions.svelte';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { fakePorts } from '../ports.ts';
import Stage from './Stage.svelte';

afterEach(() => cleanup());

test('a password that was typed and not sent is not there for the next question', async () => {
  const app = new App(fakePorts());
  render(Stage as unknown as Component<Record<string, unknown>>, { props: { app, part: Questions, props: {} } });
  void app.password.ask();
  await tick();
  await fireEvent.input(screen.getByLabelText('Password'), { target: { value: 'secret' } });
  await fireEvent.click(screen.getByText('Cancel'));
  void app.password.ask();
  await tick();
  expect((screen.getByLabelText('Password') as HTMLInputElement).value).toBe('');
});
