// What the console's state needs of the browser, as types: tests give their own, so that no browser is needed to test it.
import type { LiveTopic, LiveUpdate, WatchAnswer } from '../../../core/contracts/live-updates.ts';

/** Takes back what was begun: a timer, a listener, a watch. */
export type Stop = () => void;

export interface Ports {
  fetch(path: string, init: RequestInit): Promise<Response>;
  unixSeconds(): number;
  after(seconds: number, act: () => void): Stop;
  every(seconds: number, act: () => void): Stop;
  randomKey(): string;
  /** Runs one act at a time under a name, across all tabs of this browser; it is told whether another one had to be waited for. */
  alone<T>(name: string, act: (waited: boolean) => Promise<T>): Promise<T>;
  storage: Storage;
  address: Address;
  openSocket(events: SocketEvents): Promise<LiveSocket>;
  /** A stream of named events below /api/v1; it goes on by itself after a short loss. */
  openEvents(path: string, names: readonly string[], events: StreamEvents): Stop;
}

export interface StreamEvents {
  opened(): void;
  /** Lost; `forGood` where the browser does not try again by itself. */
  failed(forGood: boolean): void;
  /** The JSON of the event. */
  event(name: string, data: unknown): void;
}

/** What outlives the page: choices of taste, never anything secret. */
export interface Storage {
  read(name: string): string | undefined;
  write(name: string, value: string | undefined): void;
}

/** The address bar: path with query. */
export interface Address {
  read(): string;
  push(url: string): void;
  replace(url: string): void;
  /** When the person goes back or forth. */
  onMove(act: () => void): Stop;
}

export interface SocketEvents {
  opened(): void;
  /** The connection ended or could not be made; it is tried again by itself unless `cut`. */
  lost(): void;
  /** The server ended it: signed out, too slow. */
  cut(reason: string): void;
  updates(batch: readonly LiveUpdate[]): void;
}

export interface LiveSocket {
  /** Rejects where no answer comes within the time. */
  watch(topics: readonly LiveTopic[], seconds: number): Promise<WatchAnswer>;
  /** Tries to connect now, where that is not tried by itself already: after the server closed it or let nobody in. */
  reconnect(): void;
  close(): void;
}
