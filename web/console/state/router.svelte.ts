// Where the person is: path and query of the address bar, and the way to somewhere else. The address holds all state that is worth a link.
import { type Address, formatAddress, type Params, readAddress } from './match.ts';
import type { Ports, Stop } from './ports.ts';

/** They go along from page to page: the time looked at, the environment, whether values stand still. */
const sticky = ['from', 'to', 'range', 'env', 'paused'];

export class Router {
  private readonly bar: Ports['address'];
  private address = $state.raw<Address>({ path: '/', query: {} });

  constructor(bar: Ports['address']) {
    this.bar = bar;
    this.address = readAddress(bar.read());
  }

  get path(): string {
    return this.address.path;
  }

  get query(): Params {
    return this.address.query;
  }

  /** The page that is open, in its environment: who comes back with something for the address looks whether it is the same still. */
  get place(): string {
    return `${this.path} ${this.query['env'] ?? ''}`;
  }

  /** Follows the browser's own back and forth. */
  listen(): Stop {
    return this.bar.onMove(() => {
      this.address = readAddress(this.bar.read());
    });
  }

  /** The address to put on a link: what is sticky goes along unless the address says otherwise. */
  href(url: string): string {
    const { path, query } = readAddress(url);
    const kept = Object.fromEntries(Object.entries(this.query).filter(([name]) => sticky.includes(name)));
    return formatAddress({ path, query: { ...kept, ...query } });
  }

  go(url: string, how: { replace?: boolean } = {}): void {
    const next = this.href(url);
    if (how.replace) this.bar.replace(next);
    else this.bar.push(next);
    this.address = readAddress(next);
  }

  /** Changes parts of the query; undefined takes one away. Small changes replace the entry of the history, others add one. */
  setQuery(change: Readonly<Record<string, string | undefined>>, how: { push?: boolean } = {}): void {
    const query = { ...this.query, ...change };
    const left = Object.entries(query).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
    );
    const next = { path: this.path, query: Object.fromEntries(left) };
    if (formatAddress(next) === formatAddress(this.address)) return;
    if (how.push) this.bar.push(formatAddress(next));
    else this.bar.replace(formatAddress(next));
    this.address = next;
  }
}
