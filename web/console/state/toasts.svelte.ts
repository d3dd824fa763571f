// Short words about what was just done; at most four at a time. What failed stays until it is closed.
import type { Ports } from './ports.ts';

type ToastKind = 'done' | 'failed';

export interface Toast {
  id: number;
  kind: ToastKind;
  text: string;
  detail: string | undefined;
}

const shownMax = 4;
const doneSeconds = 5;

export class Toasts {
  private readonly ports: Pick<Ports, 'after'>;
  private last = 0;
  shown = $state.raw<readonly Toast[]>([]);

  constructor(ports: Pick<Ports, 'after'>) {
    this.ports = ports;
  }

  done(text: string): void {
    const id = this.add('done', text, undefined);
    this.ports.after(doneSeconds, () => this.close(id));
  }

  failed(text: string, detail?: string): void {
    this.add('failed', text, detail);
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** Nothing of one person is left for the next. */
  forget(): void {
    this.shown = [];
  }

  private add(kind: ToastKind, text: string, detail: string | undefined): number {
    this.last += 1;
    this.shown = [...this.shown, { id: this.last, kind, text, detail }].slice(-shownMax);
    return this.last;
  }
}
