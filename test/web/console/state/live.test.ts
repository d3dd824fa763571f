// The live connection: newest values, a lost server told within 3 seconds, and the way back.
import { describe, expect, test } from 'vitest';
import { Live } from '../../../../web/console/state/live.svelte.ts';
import { fakePorts, settle } from '../ports.ts';

async function connected() {
  const ports = fakePorts();
  const live = new Live(ports);
  await live.open();
  ports.socket.events!.opened();
  await settle();
  return { ports, live };
}

describe('values', () => {
  test('topics are watched together, once each, for as long as somebody looks', async () => {
    const { ports, live } = await connected();
    const stops = [live.watch(['live']), live.watch(['live', 'overview'])];
    await ports.pass(2);
    expect(ports.socket.watched.at(-1)).toEqual(['live', 'overview']);
    stops[1]!();
    stops[1]!();
    await ports.pass(2);
    expect(ports.socket.watched.at(-1)).toEqual(['live']);
    stops[0]!();
    await ports.pass(2);
    expect(ports.socket.watched.at(-1)).toEqual([]);
  });

  test('the newest value counts, with the time it came', async () => {
    const { ports, live } = await connected();
    expect(live.newest('live')).toBeUndefined();
    ports.socket.send([{ topic: 'live', value: 1, dropped: 0 }]);
    ports.socket.send([{ topic: 'live', value: 2, dropped: 0 }]);
    expect(live.newest('live')).toEqual({ value: 2, at: ports.unixSeconds() });
    expect(live.newest('overview')).toBeUndefined();
  });
});

describe('a server that goes', () => {
  test('is told at once where the connection ends', async () => {
    const { ports, live } = await connected();
    expect(live.state).toBe('live');
    ports.socket.events!.lost();
    expect([live.state, live.lostAt]).toEqual(['lost', ports.unixSeconds()]);
  });

  test('is told within 3 seconds where it hangs', async () => {
    const { ports, live } = await connected();
    await ports.pass(5);
    ports.socket.answering = false;
    const since = ports.unixSeconds();
    while (live.state === 'live' && ports.unixSeconds() < since + 60) await ports.pass(0.1);
    expect(live.state).toBe('lost');
    expect(ports.unixSeconds() - since).toBeLessThan(3);
  });

  test('is found again by itself, and what was missed is asked for', async () => {
    const { ports, live } = await connected();
    let back = 0;
    live.onBack = () => void back++;
    ports.socket.answering = false;
    ports.socket.events!.lost();
    await ports.pass(10);
    expect([live.state, back]).toEqual(['lost', 0]);
    ports.socket.answering = true;
    ports.socket.events!.opened();
    await ports.pass(3);
    expect([live.state, live.lostAt, back]).toEqual(['live', undefined, 1]);
  });

  test('was never there: lost, not live, and found once its code can be loaded', async () => {
    const ports = fakePorts();
    let away = true;
    const openSocket = (events: Parameters<typeof ports.openSocket>[0]) =>
      away ? Promise.reject(new Error('no code')) : ports.openSocket(events);
    const live = new Live({ ...ports, openSocket });
    await live.open();
    expect(live.state).toBe('lost');
    await ports.pass(10);
    expect(live.state).toBe('lost');
    away = false;
    await ports.pass(5);
    ports.socket.events!.opened();
    await settle();
    expect(live.state).toBe('live');
  });

  test('closed it while nobody tried again by itself: every beat that is not answered does', async () => {
    const { ports } = await connected();
    ports.socket.answering = false;
    ports.socket.events!.lost();
    await ports.pass(6);
    expect(ports.socket.reconnects).toBeGreaterThanOrEqual(2);
    expect(ports.socket.reconnects).toBeLessThanOrEqual(5);
  });
});

describe('a connection that the server cuts', () => {
  test.each([
    { renewed: true, reconnects: 1, state: 'live' },
    { renewed: false, reconnects: 0, state: 'idle' },
  ])(
    'because the cookie is old comes back where the session could be renewed: $renewed',
    async ({ renewed, reconnects, state }) => {
      const { ports, live } = await connected();
      live.onSignedOut = () => Promise.resolve(renewed);
      ports.socket.events!.cut('signed-out');
      await ports.pass(1);
      expect([ports.socket.reconnects, live.state]).toEqual([reconnects, state]);
    },
  );

  test('because this reader is too slow comes back, once the server has closed it', async () => {
    const { ports } = await connected();
    ports.socket.events!.cut('too-slow');
    await settle();
    expect(ports.socket.reconnects).toBe(0);
    ports.socket.events!.lost();
    await ports.pass(1);
    expect(ports.socket.reconnects).toBe(1);
  });

  test('and that comes back at once was not lost; one that does not come back is', async () => {
    const { ports, live } = await connected();
    live.onSignedOut = () => Promise.resolve(true);
    ports.socket.events!.cut('signed-out');
    ports.socket.events!.lost();
    await ports.pass(0.5);
    expect([live.state, live.lostAt]).toEqual(['live', undefined]);
    ports.socket.answering = false;
    await ports.pass(3);
    expect(live.state).toBe('lost');
  });

  test('again and again comes back ever later: the door is not stormed', async () => {
    const { ports, live } = await connected();
    let renewals = 0;
    live.onSignedOut = () => Promise.resolve(++renewals > 0);
    const cut = () => ports.socket.events!.cut('signed-out');
    cut();
    let before = 0;
    for (let second = 0; second < 120; second++) {
      await ports.pass(1);
      if (ports.socket.reconnects > before) cut();
      before = ports.socket.reconnects;
    }
    expect(renewals).toBeGreaterThan(3);
    expect(renewals).toBeLessThan(10);
  });

  test('after signing out nothing comes back, however far it was', async () => {
    const { ports, live } = await connected();
    ports.socket.events!.cut('too-slow');
    live.close();
    await ports.pass(60);
    expect([ports.socket.reconnects, live.state]).toEqual([0, 'idle']);
  });

  test('closed while its code was on the way is closed when that has come', async () => {
    const ports = fakePorts();
    const live = new Live(ports);
    const opening = live.open();
    live.close();
    await opening;
    await ports.pass(10);
    expect([ports.socket.closed, ports.socket.watched, live.state]).toEqual([true, [], 'idle']);
  });

  test('after signing out nothing of it is left', async () => {
    const { ports, live } = await connected();
    ports.socket.send([{ topic: 'live', value: 1, dropped: 0 }]);
    live.close();
    await ports.pass(10);
    expect([live.state, live.newest('live'), ports.socket.closed]).toEqual(['idle', undefined, true]);
  });
});
