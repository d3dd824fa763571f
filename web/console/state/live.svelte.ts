// The live connection: newest values by topic, and whether the server is still there. A server that is silent is told within 3 seconds.
import type { LiveTopic, LiveUpdate } from '../../../core/contracts/live-updates.ts';
import type { LiveSocket, Ports, Stop } from './ports.ts';

/** `lost`: it was there and is not; `idle`: nobody asked for it yet. */
type LiveState = 'idle' | 'connecting' | 'live' | 'lost';

interface Latest {
  value: unknown;
  /** When it came. */
  at: number;
}

/** Asked every 1.2 s with 1.2 s to answer: a server that hangs is known to be lost after 2.4 s at the latest. */
const beatSeconds = 1.2;
/** Until the code for it is asked for once more, where it did not come. */
const codeSeconds = 3;
/** Cut by the server again and again, it comes back ever later, so that a page that may not stay does not storm the door. */
const returnSeconds = [0.3, 2, 8, 30];
/** Cuts that lie so far apart have nothing to do with each other: a cookie gets old every few minutes. */
const calmSeconds = 60;

type LivePorts = Pick<Ports, 'openSocket' | 'after' | 'every' | 'unixSeconds'>;

export class Live {
  private readonly ports: LivePorts;
  private readonly watched = new Map<LiveTopic, number>();
  private socket: LiveSocket | undefined;
  private wanted = false;
  private opening = false;
  private asking = false;
  private stopBeat: Stop | undefined;
  /** Of the wait between a cut and the return; while it lasts, the connection is not lost but on its way back. */
  private stopReturn: Stop | undefined;
  private returning = false;
  private cuts = 0;
  private cutAt = Number.NEGATIVE_INFINITY;
  state = $state<LiveState>('idle');
  /** When the connection was lost, in Unix seconds. */
  lostAt = $state<number>();
  private latest = $state.raw<Partial<Record<LiveTopic, Latest>>>({});
  /** Called where the server ended the connection because the session is over or its cookie too old. */
  onSignedOut: () => Promise<boolean> = () => Promise.resolve(false);
  /** Called when the connection is there again after it was lost. */
  onBack: () => void = () => {};

  constructor(ports: LivePorts) {
    this.ports = ports;
  }

  /** The newest value of a topic; undefined while there is none. */
  newest(topic: LiveTopic): Latest | undefined {
    return this.latest[topic];
  }

  /** Watches topics until stopped; several watchers of one topic cost the server one. */
  watch(topics: readonly LiveTopic[]): Stop {
    for (const topic of topics) this.watched.set(topic, (this.watched.get(topic) ?? 0) + 1);
    void this.tell();
    let stopped = false;
    return () => {
      if (stopped) return;
      stopped = true;
      for (const topic of topics) {
        const left = (this.watched.get(topic) ?? 1) - 1;
        if (left > 0) this.watched.set(topic, left);
        else this.watched.delete(topic);
      }
    };
  }

  /** Opens the connection; it stays until `close`. */
  async open(): Promise<void> {
    this.wanted = true;
    if (this.state === 'idle') this.state = 'connecting';
    if (this.opening || this.socket !== undefined) return;
    this.opening = true;
    try {
      const socket = await this.ports.openSocket({
        opened: () => this.gotThrough(),
        lost: () => {
          if (!this.returning) this.lose();
        },
        cut: (reason) => void this.wasCut(reason),
        updates: (batch) => this.take(batch),
      });
      if (!this.wanted) return socket.close(); // closed while its code was on the way
      this.socket = socket;
      this.stopBeat = this.ports.every(beatSeconds, () => void this.tell());
    } catch {
      if (!this.wanted) return;
      this.lose(); // the code for it could not be loaded
      this.stopReturn = this.ports.after(codeSeconds, () => void this.open());
    } finally {
      this.opening = false;
    }
  }

  close(): void {
    this.stopBeat?.();
    this.stopReturn?.();
    this.socket?.close();
    this.socket = undefined;
    this.stopBeat = undefined;
    [this.wanted, this.returning, this.cuts] = [false, false, 0];
    this.latest = {};
    this.state = 'idle';
    this.lostAt = undefined;
  }

  private take(batch: readonly LiveUpdate[]): void {
    const at = this.ports.unixSeconds();
    const fresh = Object.fromEntries(batch.map(({ topic, value }) => [topic, { value, at }]));
    this.latest = { ...this.latest, ...fresh };
  }

  private gotThrough(): void {
    void this.tell();
  }

  /** What is watched, said again and again: the answer is the sign of life. */
  private async tell(): Promise<void> {
    const { socket } = this;
    if (socket === undefined || this.asking) return;
    this.asking = true;
    try {
      await socket.watch([...this.watched.keys()], beatSeconds);
      if (this.socket === socket) this.find();
    } catch {
      if (this.socket !== socket) return;
      if (this.state === 'live') this.lose();
      if (!this.returning) socket.reconnect();
    } finally {
      this.asking = false;
    }
  }

  private find(): void {
    const wasLost = this.state === 'lost';
    this.state = 'live';
    this.lostAt = undefined;
    if (wasLost) this.onBack();
  }

  private lose(): void {
    if (this.state === 'lost' || this.state === 'idle') return;
    this.state = 'lost';
    this.lostAt = this.ports.unixSeconds();
  }

  /** Told before the connection ends: it is lost only if it does not come back soon. */
  private async wasCut(reason: string): Promise<void> {
    const { socket } = this;
    if (socket === undefined || this.returning) return;
    this.returning = true;
    if (reason === 'signed-out' && !(await this.onSignedOut().catch(() => true))) return this.close();
    if (this.socket !== socket) return;
    const now = this.ports.unixSeconds();
    this.cuts = now - this.cutAt > calmSeconds ? 0 : this.cuts + 1;
    this.cutAt = now;
    this.stopReturn = this.ports.after(returnSeconds[Math.min(this.cuts, returnSeconds.length - 1)]!, () => {
      this.returning = false;
      socket.reconnect();
    });
  }
}
