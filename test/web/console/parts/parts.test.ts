// Parts as a person meets them: what is drawn, what the keyboard does, what hostile text cannot do.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { type Component, createRawSnippet, tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import DataTable from '../../../../web/console/parts/DataTable.svelte';
import Diff from '../../../../web/console/parts/Diff.svelte';
import HealthMatrix from '../../../../web/console/parts/HealthMatrix.svelte';
import HeatStrip from '../../../../web/console/parts/HeatStrip.svelte';
import Lost from '../../../../web/console/parts/Lost.svelte';
import Name from '../../../../web/console/parts/Name.svelte';
import Questions from '../../../../web/console/parts/Questions.svelte';
import Toasts from '../../../../web/console/parts/Toasts.svelte';
import Value from '../../../../web/console/parts/Value.svelte';
import { App } from '../../../../web/console/state/app.svelte.ts';
import { galleryRows, heatRows, hostileText } from '../../../../web/console/state/gallery.svelte.ts';
import { type Column, TableState } from '../../../../web/console/state/table.svelte.ts';
import { fakePorts, fakeServer } from '../ports.ts';
import Stage from './Stage.svelte';

afterEach(() => cleanup());

function stage(part: unknown, props: Record<string, unknown> = {}, app = new App(fakePorts())): App {
  render(Stage as unknown as Component<Record<string, unknown>>, { props: { app, part, props } });
  return app;
}

describe('values', () => {
  test('what is not known says so to those who cannot see the dash', () => {
    stage(Value, { value: null, unit: 'bytes', reason: 'no answer' });
    expect(screen.getByText('unknown').closest('[title]')!.getAttribute('title')).toBe('no answer');
  });

  test('a hostile name is text, isolated, and cut', () => {
    stage(Name, { text: hostileText, max: 40 });
    const name = document.querySelector('bdi')!;
    expect(name.children).toHaveLength(0);
    expect(name.textContent).toContain('<b onclick=alert(1)>shop</b>�gnp.exe');
    expect(name.textContent!.length).toBeLessThan(45);
  });
});

describe('table', () => {
  function table(count: number) {
    const app = new App(fakePorts());
    const rows = galleryRows(count);
    const opened: string[] = [];
    const state = new TableState({
      columns: [
        { key: 'name', title: 'Name', value: (row: (typeof rows)[number]) => row.name },
        { key: 'cpu', title: 'CPU', value: (row) => row.cpu, unit: 'cores' },
      ],
      ...{ rows: () => rows, id: (row: (typeof rows)[number]) => row.name, router: app.router, sort: 'name' },
    });
    stage(
      DataTable,
      { table: state, label: 'containers', open: (row: { name: string }) => opened.push(row.name) },
      app,
    );
    return { app, state, opened };
  }

  test('of 2,000 rows only those in sight are drawn, and all are counted', () => {
    table(2_000);
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('2001');
    expect(document.querySelectorAll('tbody tr').length).toBeLessThan(80);
  });

  test('j, k and Enter go through the rows and open one', async () => {
    const { opened, state } = table(5);
    const row = document.querySelector<HTMLElement>('tbody tr')!;
    row.focus();
    for (const key of ['j', 'j', 'k']) {
      await fireEvent.keyDown(document.activeElement!, { key });
      await tick();
    }
    await fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
    expect(opened).toEqual([state.focused]);
  });

  test('a row that goes under the keyboard hands it to another, and Tab leads to a row still', async () => {
    const { state } = table(5);
    const names = state.visible.map(({ name }) => name);
    document.querySelectorAll<HTMLElement>('tbody tr')[1]!.focus();
    state.filterBy(names[3]!);
    await tick();
    await tick();
    expect(state.visible.map(({ name }) => name)).toEqual([names[3]]);
    expect(document.activeElement).toBe(document.querySelector('tbody tr[tabindex="0"]'));
    expect(state.focused).toBe(names[3]);
  });

  test('a heading sorts and says so; a search that finds nothing offers the way back', async () => {
    const { app } = table(5);
    await fireEvent.click(screen.getByRole('button', { name: 'CPU' }));
    expect(screen.getByRole('columnheader', { name: 'CPU' }).getAttribute('aria-sort')).toBe('descending');
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'nothing like that' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(app.router.query['t.q']).toBeUndefined();
  });
});

describe('table on a phone', () => {
  const { happyDOM } = window as unknown as { happyDOM: { setViewport(size: { width: number }): void } };
  beforeEach(() => happyDOM.setViewport({ width: 390 }));
  afterEach(() => happyDOM.setViewport({ width: 1_024 }));

  interface One {
    name: string;
    state: string;
    why: string;
    cpu: number;
  }
  function phone(count: number) {
    const app = new App(fakePorts());
    const rows = Array.from({ length: count }, (_, place): One => {
      return {
        name: `api-${place}`,
        state: place === 1 ? 'failed' : 'running',
        why: place === 1 ? 'exit 7' : '',
        cpu: place + 1,
      };
    });
    const columns: Column<One>[] = [
      { key: 'cpu', title: 'CPU', value: ({ cpu }) => cpu, unit: 'cores' },
      { key: 'name', title: 'Name', value: ({ name }) => name },
      { key: 'state', title: 'State', value: ({ state }) => state, narrow: 'state' },
      { key: 'why', title: 'Why', value: ({ why }) => why, hidden: true, narrow: 'words' },
      { key: 'image', title: 'Image', value: () => 'api:1', wide: true },
    ];
    const table = new TableState({
      columns,
      rows: () => rows,
      id: ({ name }) => name,
      router: app.router,
      sort: 'name',
    });
    stage(
      DataTable,
      { table, label: 'containers', bulk: createRawSnippet(() => ({ render: () => '<i>all</i>' })) },
      app,
    );
    return { app, table };
  }
  const words = (row: Element) => [...row.querySelectorAll('td:not(.mark)')].map((cell) => cell.textContent!.trim());

  test('name, state and why are there, small facts after their title; what is for wide screens is not', () => {
    phone(2);
    const [, ill] = document.querySelectorAll('tbody tr');
    expect(words(ill!)).toEqual(['api-1', 'failed', 'exit 7', 'CPU 2.00cores']);
    expect(ill!.querySelector('.lead')!.textContent).toContain('api-1');
  });

  test('it is a table still to those who hear it: rows, cells, headings that say the order', () => {
    phone(2);
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('3');
    expect(screen.getAllByRole('columnheader').map(({ textContent }) => textContent!.trim())).toEqual([
      ...['Marked', 'Name', 'State', 'Why', 'CPU'],
    ]);
    expect(screen.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
    expect(screen.getAllByRole('row')).toHaveLength(3);
    for (const row of screen.getAllByRole('row').slice(1))
      expect(row.querySelectorAll('[role="cell"]')).toHaveLength(5);
  });

  test('it is sorted by what is chosen, turned round, and marked as a whole', async () => {
    const { app, table } = phone(3);
    await fireEvent.change(screen.getByLabelText('Sort by'), { target: { value: 'cpu' } });
    expect(app.router.query['t.sort']).toBe('-cpu');
    await fireEvent.click(screen.getByRole('button', { name: 'Falling: turn it round' }));
    expect(app.router.query['t.sort']).toBe('cpu');
    await fireEvent.click(screen.getByRole('checkbox', { name: 'All containers' }));
    expect(table.marked.size).toBe(3);
  });

  test('of many rows only those in sight are drawn, all of one height', () => {
    phone(500);
    const rows = [...document.querySelectorAll<HTMLElement>('tbody tr:not([aria-hidden])')];
    expect(rows.length).toBeLessThan(60);
    expect(new Set(rows.map(({ style }) => style.height))).toEqual(new Set(['85px']));
    const spacer = document.querySelector<HTMLElement>('tbody tr[aria-hidden] td')!;
    expect(Number.parseFloat(spacer.style.height)).toBe((500 - rows.length) * 85);
  });
});

describe('strips and health', () => {
  test('arrow keys read a strip minute by minute, Enter zooms the page, Backspace goes back', async () => {
    const app = stage(HeatStrip, { rows: heatRows(), start: 1_799_996_400, label: 'strips' });
    const strip = screen.getByRole('slider', { name: /shop-api/ });
    expect(strip.getAttribute('aria-valuetext')).toMatch(/1 in [\d,]+/);
    await fireEvent.keyDown(strip, { key: 'Home' });
    expect(strip.getAttribute('aria-valuenow')).toBe('0');
    await fireEvent.keyDown(strip, { key: 'Enter' });
    expect(app.time.fixed).toEqual({ start: 1_799_996_100, end: 1_799_996_760 });
    await fireEvent.keyDown(strip, { key: 'Backspace' });
    expect(app.time.fixed).toBeUndefined();
    expect(screen.getByRole('slider', { name: /just started/ }).getAttribute('aria-valuetext')).toContain(
      'still learning',
    );
  });

  test('each mark says what it is and why, without its colour', () => {
    const tile = { id: 'a', name: 'api', meaning: 'unknown', words: 'no answer' };
    stage(HealthMatrix, { groups: [{ title: 'Containers', unknown: undefined, tiles: [tile] }] });
    expect(screen.getByRole('img', { name: 'api: no answer' }).tabIndex).toBe(0);
  });

  test('a mark that leads somewhere is a link, and what is in trouble is named in words', () => {
    const tile = { id: 'a', name: 'api', meaning: 'warning', words: 'MemoryFull', href: '/alerts' };
    stage(HealthMatrix, { groups: [{ title: 'Containers', unknown: undefined, tiles: [tile] }] });
    expect(screen.getByRole('link', { name: 'api: MemoryFull' }).getAttribute('href')).toBe('/alerts');
    expect(screen.getByRole('link', { name: 'api' }).getAttribute('href')).toBe('/alerts');
    expect(screen.getByText('MemoryFull')).toBeTruthy();
  });
});

test('a difference is said as well as coloured', () => {
  stage(Diff, { before: 'a\nb', after: 'a\nc', label: 'change' });
  expect(screen.getAllByText(/removed:|added:/).map(({ textContent }) => textContent!.trim())).toEqual([
    'removed:',
    'added:',
  ]);
});

describe('what interrupts', () => {
  test('a danger waits until the name is typed', async () => {
    const app = stage(Questions);
    const answer = app.danger.ask({ title: 'Delete orders', lost: 'All of it.', type: 'orders', button: 'Delete' });
    await tick();
    const button = screen.getByText('Delete').closest('button')!;
    expect(button.disabled).toBe(true);
    await fireEvent.input(screen.getByLabelText('Type orders to go on'), { target: { value: 'orders' } });
    expect(button.disabled).toBe(false);
    await fireEvent.click(button);
    expect(await answer).toBe(true);
  });

  test('the password once more lets the change go on', async () => {
    const ports = fakePorts(fakeServer({ 'POST /session/confirm': {} }));
    const app = stage(Questions, {}, new App(ports));
    const answer = app.password.ask();
    await tick();
    await fireEvent.input(screen.getByLabelText('Password'), { target: { value: 'secret' } });
    await fireEvent.submit(document.querySelector('form')!);
    expect(await answer).toBe(true);
    expect(ports.asked[0]!.body).toEqual({ password: 'secret' });
  });

  test('a lost server is told with the time, a failure stays until it is closed', async () => {
    const app = new App(fakePorts());
    stage(Lost, {}, app);
    app.live.lostAt = app.now - 7;
    await tick();
    expect(screen.getByRole('alert').textContent).toMatch(/No answer since[\s\S]*7 s/);
    cleanup();
    stage(Toasts, {}, app);
    app.toasts.failed('It did not work.', 'r-9');
    await tick();
    await fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByText('It did not work.')).toBeNull();
  });
});
