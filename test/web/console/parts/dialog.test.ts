// Dialogs: what turns them away, and what must not, because somebody has typed in them.
import { cleanup, fireEvent, render } from '@testing-library/svelte';
import { type Component, createRawSnippet } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import Age from '../../../../web/console/parts/Age.svelte';
import Dialog from '../../../../web/console/parts/Dialog.svelte';
import FormDialog from '../../../../web/console/parts/FormDialog.svelte';
import Questions from '../../../../web/console/parts/Questions.svelte';
import Toasts from '../../../../web/console/parts/Toasts.svelte';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { hostileText } from '../../../../web/console/state/gallery.svelte.ts';
import { Sending } from '../../../../web/console/state/sending.svelte.ts';
import { fakePorts } from '../ports.ts';
import Stage from './Stage.svelte';

afterEach(() => cleanup());

const children = createRawSnippet(() => ({ render: () => '<input aria-label="Name" />' }));
const sending = new Sending(fakePorts());

function stage(part: unknown, props: Record<string, unknown>, app = new App(fakePorts())): void {
  render(Stage as unknown as Component<Record<string, unknown>>, { props: { app, part, props } });
}

describe('a click beside it', () => {
  const form = { sending, button: 'Save', ready: true, submit: () => {} };
  test.each([
    { given: 'a side sheet', part: Dialog, props: { as: 'side' }, began: 'beside', closes: 1 },
    {
      given: 'a side sheet in which a text was marked',
      part: Dialog,
      props: { as: 'side' },
      began: 'inside',
      closes: 0,
    },
    { given: 'a question', part: Dialog, props: {}, began: 'beside', closes: 0 },
    { given: 'a form', part: FormDialog, props: form, began: 'beside', closes: 0 },
  ])('of $given, begun $began, closes it $closes times', async ({ part, props, began, closes }) => {
    let closed = 0;
    stage(part, { title: 'Change it', close: () => void closed++, children, ...props });
    const dialog = document.querySelector('dialog')!;
    await fireEvent.pointerDown(began === 'beside' ? dialog : document.querySelector('input')!);
    await fireEvent.click(dialog);
    expect(closed).toBe(closes);
  });

  test('Escape turns a form away all the same', async () => {
    let closed = 0;
    stage(FormDialog, { title: 'Change it', close: () => void closed++, children, ...form });
    await fireEvent(document.querySelector('dialog')!, new Event('cancel', { cancelable: true }));
    expect(closed).toBe(1);
  });
});

describe('what others wrote', () => {
  test('poses as nothing else in a question or in what is said of a deed', async () => {
    const app = new App(fakePorts());
    void app.danger.ask({ title: 'Erase', lost: hostileText, button: `Erase ${hostileText}` });
    app.toasts.failed(hostileText);
    stage(Questions, {}, app);
    stage(Toasts, {}, app);
    expect(document.body.textContent).toContain('�gnp.exe');
    expect(document.body.textContent).not.toContain('\u202e');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e20])('a time without a date has no age: %s', (at) => {
    stage(Age, { at, as: 'ago' });
    expect(document.body.textContent).toContain('age unknown');
  });
});
