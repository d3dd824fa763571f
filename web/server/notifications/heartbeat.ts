// The heartbeat: as long as alerts really come through, a monitor outside hears from us; what breaks on the way makes us silent, and it speaks up.

export interface HeartbeatPorts {
  /** Posts nothing to the address; the status of the answer. */
  beat(url: string): Promise<number>;
  unixSeconds(): number;
}

export interface HeartbeatPlan {
  enabled: boolean;
  everySeconds: number;
  url: string;
  /** When Prometheus' watchdog last came through Alertmanager. */
  watchdogSeconds: number | undefined;
}

/** Alertmanager tells the watchdog each minute or two. */
const watchdogSecondsMax = 600;

export class Heartbeat {
  /** Undefined while it is off, or has not been tried. */
  up: boolean | undefined;
  lastSeconds: number | undefined;
  /** Why the monitor was not told. */
  reason = '';
  private triedSeconds = Number.NEGATIVE_INFINITY;
  private readonly ports: HeartbeatPorts;

  constructor(ports: HeartbeatPorts) {
    this.ports = ports;
  }

  /** Does what is due; never rejects. */
  async tick({ enabled, everySeconds, url, watchdogSeconds }: HeartbeatPlan): Promise<void> {
    const now = this.ports.unixSeconds();
    if (!enabled || url === '') {
      this.up = undefined;
      return;
    }
    if (Math.abs(now - this.triedSeconds) < everySeconds) return;
    this.triedSeconds = now;
    const age = watchdogSeconds === undefined ? undefined : now - watchdogSeconds;
    if (age === undefined || age > watchdogSecondsMax)
      return this.fail('the watchdog does not come through Alertmanager');
    try {
      const status = await this.ports.beat(url);
      if (status < 200 || status >= 300) return this.fail(`answered ${status}`);
      Object.assign(this, { up: true, lastSeconds: now, reason: '' });
    } catch (error) {
      this.fail((error as Error).message.replaceAll(url, 'the monitor').slice(0, 300));
    }
  }

  private fail(reason: string): void {
    this.up = false;
    this.reason = reason;
  }
}
