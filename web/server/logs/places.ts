// Places for readers of logs: so many in all and so many for each person, taken before anything is asked of the engine.
import { UserError } from '../user-error.ts';

export class ReaderPlaces {
  readonly #most: number;
  readonly #mostEach: number;
  readonly #held = new Map<string, number>();

  constructor(most: number, mostEach: number) {
    this.#most = most;
    this.#mostEach = mostEach;
  }

  /** Gives back the place when it is called. Throws a UserError where there is none left for this person. */
  take(person: string): () => void {
    const own = this.#held.get(person) ?? 0;
    const all = [...this.#held.values()].reduce((sum, one) => sum + one, 0);
    if (own >= this.#mostEach) throw tooMany(`You are reading ${this.#mostEach} logs already`);
    if (all >= this.#most) throw tooMany(`${this.#most} logs are being read already`);
    this.#held.set(person, own + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const left = (this.#held.get(person) ?? 1) - 1;
      if (left > 0) this.#held.set(person, left);
      else this.#held.delete(person);
    };
  }
}

function tooMany(what: string): UserError {
  return new UserError(429, 'too-many-readers', `${what}; close one of them.`, 10);
}
