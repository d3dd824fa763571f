// The live connection over socket.io; loaded only once somebody is signed in.
import { io } from 'socket.io-client';
import type { LiveUpdate, WatchAnswer } from '../../../core/contracts/live-updates.ts';
import type { LiveSocket, SocketEvents } from '../state/ports.ts';

export function openSocket(events: SocketEvents): LiveSocket {
  const socket = io({
    ...{ path: '/live', transports: ['websocket'], autoConnect: false },
    ...{ reconnectionDelay: 400, reconnectionDelayMax: 3_000, timeout: 4_000 },
  });
  socket.on('connect', () => events.opened());
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') events.lost();
  });
  socket.on('connect_error', (error) => {
    if (error.message === 'signed-out') events.cut('signed-out');
    else events.lost();
  });
  socket.on('cut', (reason: string) => events.cut(reason));
  socket.on('updates', (batch: LiveUpdate[], answer: () => void) => {
    answer();
    events.updates(batch);
  });
  socket.connect();
  return {
    watch: (topics, seconds) =>
      socket.timeout(seconds * 1000).emitWithAck('watch', { topics: [...topics] }) as Promise<WatchAnswer>,
    reconnect() {
      if (!socket.active) socket.connect();
    },
    close: () => void socket.close(),
  };
}
