// The audit log at work: batches appends into one sync each, signs checkpoints, and after any failed write stops until the chain has been read back.
import type { AuditActor, AuditOutcome } from '../../../core/contracts/audit.ts';
import { toHex } from './bytes.ts';
import type { Json } from './canonical.ts';
import { checkpointText, formatNote, formatVerifierKey, keyIdOf, type VerifierKey } from './checkpoint.ts';
import { formatHeader, formatLine, formatProvenLine } from './export.ts';
import { appendLeaf, type Frontier, frontierAt, inclusionProof, leafHash, rootOf, type TreeNode } from './merkle.ts';
import { type AuditEntry, type PersonalField, seal } from './record.ts';
import { verifiedTree } from './replay.ts';
import type { AuditFilter, AuditStore, StoredRecord } from './store.ts';
import { AuditUnavailable, isBusy, isFull } from './unavailable.ts';
import type { VerifyPorts } from './verify.ts';

export interface AuditPorts extends VerifyPorts {
  openStore(): AuditStore;
  key: { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };
  /** Name of this log in its checkpoints. */
  origin: string;
  salt(): Uint8Array;
  /** Now, ISO 8601 in UTC. */
  isoTime(): string;
  monotonicSeconds(): number;
  /** Runs the work after so many seconds; without them soon, after what is already waiting: this is what fills a batch. */
  defer(work: () => void, seconds?: number): void;
  onBroken(reason: Error): void;
}

/** An act as it is announced. */
export interface Act {
  actor: AuditActor;
  action: string;
  subject: string;
  environment?: string | undefined;
  detail?: { readonly [name: string]: Json };
  personal?: readonly PersonalField[];
}

export interface OpenedAct extends Act {
  seq: number;
}

interface Waiting {
  entry: AuditEntry;
  resolve(seq: number): void;
  reject(error: Error): void;
}

interface Ready {
  store: AuditStore;
  tree: Frontier;
}

const batchMax = 512;
const queueMax = 8_192;
const retrySeconds = 1;
/** Another program's lock is waited for in steps, so that everybody else is served meanwhile: 2 s and what the tries take. */
const busyTriesMax = 20;
const busyWaitSeconds = 0.1;

export class AuditLog {
  readonly verifierKey: VerifierKey;
  private readonly ports: AuditPorts;
  private state: Ready | AuditUnavailable;
  private lastTry: number;
  private queue: Waiting[] = [];
  private flushing = false;
  private busyTries = 0;

  /** Opens the store and verifies it from the last checkpoint on; throws when it does not verify. Acts left open get the outcome `unknown`. */
  constructor(ports: AuditPorts) {
    this.ports = ports;
    this.verifierKey = { name: ports.origin, publicKey: ports.key.publicKey };
    this.lastTry = ports.monotonicSeconds();
    this.state = this.reopen();
    this.closeInterrupted(this.state);
  }

  /** Announces an act; it may happen once this has resolved, and not before. Rejects with AuditUnavailable. */
  async open(act: Act): Promise<OpenedAct> {
    return { ...act, seq: await this.append({ ...act, kind: 'open' }) };
  }

  /** Records how an announced act ended. */
  async close(act: OpenedAct, outcome: AuditOutcome, detail: { readonly [name: string]: Json } = {}): Promise<void> {
    const { seq, actor, action, subject, environment } = act;
    await this.append({ kind: 'close', actor, action, subject, environment, opened: seq, outcome, detail });
  }

  /** Records what was no act of ours: a refused login, a denied call. */
  note(act: Act, outcome: AuditOutcome): Promise<number> {
    return this.append({ ...act, kind: 'note', outcome });
  }

  /** A stranger's act turned out to be a person's: the values that name its source are erased with that person. */
  attribute({ seq }: OpenedAct, person: string): void {
    const { store } = this.ready();
    this.guarded(() => store.attribute(seq, person));
  }

  /** Why nothing can be recorded now, or undefined. Tries to recover first where that is due. */
  unavailable(): AuditUnavailable | undefined {
    this.recover();
    return this.state instanceof AuditUnavailable ? this.state : undefined;
  }

  /** The open store, for reading; throws AuditUnavailable. */
  get store(): AuditStore {
    return this.ready().store;
  }

  get size(): number {
    return this.ready().tree.size;
  }

  /** Signs the present size and root, unless the last checkpoint did; returns the note that holds. */
  checkpoint(): { size: number; note: string } {
    const { store, tree } = this.ready();
    const last = store.latestCheckpoint();
    if (last?.size === tree.size) return last;
    const { sha256, key, origin } = this.ports;
    const text = checkpointText({ origin, size: tree.size, root: rootOf(sha256, tree) });
    const note = formatNote(sha256, text, this.verifierKey, key.sign(new TextEncoder().encode(text)));
    this.guarded(() => store.addCheckpoint({ size: tree.size, time: this.ports.isoTime(), note }));
    return { size: tree.size, note };
  }

  /** The lines of an export from record `since` to now, as the offline verifier reads them. Signs a checkpoint first. */
  *exportLines(since: number): Generator<string> {
    const { store, tree } = this.ready();
    const size = this.checkpoint().size;
    const { sha256, origin } = this.ports;
    const range = frontierAt(since, store.nodeAt).peaks.map(toHex);
    const keyId = keyIdOf(sha256, this.verifierKey);
    yield formatHeader({ origin, size, root: toHex(rootOf(sha256, tree)), keyId, since, range });
    for (const line of store.lines(since, size)) yield formatLine(line);
  }

  /** The lines of a filtered export, oldest first: each record with the proof that it is in the log. Signs a checkpoint first. */
  *partLines(filter: AuditFilter): Generator<string> {
    const { store } = this.ready();
    const { size, note } = this.checkpoint();
    const named = Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined);
    yield formatHeader({ part: true, checkpoint: note, filter: Object.fromEntries(named) });
    for (const line of store.matching(filter, size)) {
      const proof = inclusionProof(this.ports.sha256, line.seq, size, store.nodeAt);
      yield formatProvenLine(line, proof.map(toHex));
    }
  }

  /** The file of signed checkpoints that an export is verified against. */
  checkpointFile(): string {
    const notes = this.ready().store.checkpoints();
    return `${formatVerifierKey(this.ports.sha256, this.verifierKey)}\n${notes.map(({ note }) => `${note}\n`).join('')}`;
  }

  /** Waits for what was accepted, signs a last checkpoint and closes the store. */
  async stop(): Promise<void> {
    while (this.queue.length > 0) this.flush();
    if (this.state instanceof AuditUnavailable) return;
    this.checkpoint();
    this.state.store.close();
    this.state = new AuditUnavailable('broken', new Error('stopped'));
    this.lastTry = Number.POSITIVE_INFINITY;
  }

  private append(entry: AuditEntry): Promise<number> {
    const unavailable = this.unavailable();
    if (unavailable !== undefined) return Promise.reject(unavailable);
    if (this.queue.length >= queueMax) return Promise.reject(new AuditUnavailable('busy'));
    return new Promise((resolve, reject) => {
      this.queue.push({ entry, resolve, reject });
      if (this.flushing) return;
      this.flushSoon();
    });
  }

  private flushSoon(seconds?: number): void {
    this.flushing = true;
    this.ports.defer(() => {
      this.flushing = false;
      while (this.queue.length > 0 && !this.flushing) this.flush();
    }, seconds);
  }

  private flush(): void {
    const batch = this.queue.splice(0, batchMax);
    try {
      const { store, tree } = this.ready();
      const next = { size: tree.size, peaks: [...tree.peaks] };
      const { records, nodes } = this.build(next, batch);
      this.guarded(() => store.append(records, nodes));
      this.state = { store, tree: next };
      this.busyTries = 0;
      for (const [i, { resolve }] of batch.entries()) resolve(records[i]!.seq);
    } catch (error) {
      if (isLocked(error) && this.busyTries < busyTriesMax) {
        this.busyTries += 1;
        this.queue.unshift(...batch);
        this.flushSoon(busyWaitSeconds);
        return;
      }
      this.busyTries = 0;
      for (const { reject } of batch) reject(error as Error);
    }
  }

  private build(tree: Frontier, batch: readonly Waiting[]): { records: StoredRecord[]; nodes: TreeNode[] } {
    const { sha256 } = this.ports;
    const time = this.ports.isoTime();
    const records: StoredRecord[] = [];
    const nodes: TreeNode[] = [];
    for (const { entry } of batch) {
      const sealed = seal(this.ports, entry, { seq: tree.size, previousRoot: rootOf(sha256, tree), time });
      const leaf = leafHash(sha256, new TextEncoder().encode(sealed.text));
      records.push({ ...sealed, leaf });
      nodes.push(...appendLeaf(sha256, tree, leaf));
    }
    return { records, nodes };
  }

  private ready(): Ready {
    if (this.state instanceof AuditUnavailable) throw this.state;
    return this.state;
  }

  /** A write that failed leaves nothing certain, a sync that is tried again may lie: the store is shut until it has been verified. */
  private guarded(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (isBusy(error)) throw new AuditUnavailable('busy', error); // refused before anything was written
      const unavailable = new AuditUnavailable(isFull(error) ? 'full' : 'broken', error);
      this.shut(unavailable);
      throw unavailable;
    }
  }

  private shut(reason: AuditUnavailable): void {
    const { state } = this;
    this.state = reason;
    this.lastTry = this.ports.monotonicSeconds();
    this.ports.onBroken(reason);
    if (state instanceof AuditUnavailable) return;
    try {
      state.store.close();
    } catch (error) {
      this.ports.onBroken(error as Error); // it is given up either way
    }
  }

  private recover(): void {
    if (!(this.state instanceof AuditUnavailable)) return;
    if (this.ports.monotonicSeconds() - this.lastTry < retrySeconds) return;
    this.lastTry = this.ports.monotonicSeconds();
    try {
      this.state = this.reopen();
    } catch (error) {
      this.state = new AuditUnavailable(isFull(error) ? 'full' : 'broken', error);
    }
  }

  private reopen(): Ready {
    const store = this.ports.openStore();
    try {
      return { store, tree: verifiedTree(this.ports, store, this.verifierKey) };
    } catch (error) {
      store.close();
      throw error;
    }
  }

  private closeInterrupted({ store }: Ready): void {
    for (const line of store.pending().flatMap((seq) => [...store.lines(seq, seq + 1)])) {
      const { actor, action, subject, environment } = JSON.parse(line.record) as Act;
      const detail = { reason: 'the control plane stopped before the outcome was recorded' };
      const entry = { actor, action, subject, environment, opened: line.seq, detail };
      void this.append({ ...entry, kind: 'close', outcome: 'unknown' }).catch(this.ports.onBroken);
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof AuditUnavailable && error.kind === 'busy';
}
