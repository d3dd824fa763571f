// JSON as two readers cannot read it differently: no duplicate keys, no lossy numbers, no deep nesting, no bytes that are not UTF-8.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const depthMax = 32;
const token =
  /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/**
 * Reads one JSON value from bytes; throws a sentence on anything that another parser might take otherwise.
 * Duplicate keys: RFC 8259 §4 leaves them open, and Go's decoder keeps the last and ignores case, so a check and its executor could
 * each see another value. Cost: one pass over the text.
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const reader = new Reader(text);
  const value = reader.readValue(0);
  reader.expectEnd();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readValue(depth: number): Json {
    const next = this.#next();
    if (next.mark === '{') return this.#readObject(depth + 1);
    if (next.mark === '[') return this.#readArray(depth + 1);
    if (next.mark !== undefined) throw new Error('a value is missing');
    if (next.number !== undefined) return parseExactNumber(next.number);
    return JSON.parse(next.literal!) as string | boolean | null;
  }

  expectEnd(): void {
    if (!/^[ \t\n\r]*$/.test(this.#text.slice(this.#at))) throw new Error('something follows the value');
  }

  #readObject(depth: number): Json {
    checkDepth(depth);
    const object: { [key: string]: Json } = {};
    for (let first = true; ; first = false) {
      let next = this.#next();
      if (next.mark === '}' && first) return object;
      if (!first) {
        if (next.mark === '}') return object;
        if (next.mark !== ',') throw new Error('a comma is missing');
        next = this.#next();
      }
      if (!next.literal?.startsWith('"')) throw new Error('a key is missing');
      const key = JSON.parse(next.literal) as string;
      if (key === '__proto__' || Object.hasOwn(object, key)) throw new Error('a key stands twice');
      if (this.#next().mark !== ':') throw new Error('a colon is missing');
      object[key] = this.readValue(depth);
    }
  }

  #readArray(depth: number): Json {
    checkDepth(depth);
    const array: Json[] = [];
    if (this.#closes()) return array;
    for (;;) {
      array.push(this.readValue(depth));
      const { mark } = this.#next();
      if (mark === ']') return array;
      if (mark !== ',') throw new Error('a comma is missing');
    }
  }

  /** Takes the closing bracket of an empty list, if it is the next thing. */
  #closes(): boolean {
    const before = this.#at;
    if (this.#next().mark === ']') return true;
    this.#at = before;
    return false;
  }

  #next(): { mark?: string | undefined; literal?: string | undefined; number?: string | undefined } {
    token.lastIndex = this.#at;
    const found = token.exec(this.#text);
    if (found === null) throw new Error('this is not JSON');
    this.#at = token.lastIndex;
    return { mark: found[1], literal: found[2] ?? found[4], number: found[3] };
  }
}

function checkDepth(depth: number): void {
  if (depth > depthMax) throw new Error(`deeper than ${depthMax}`);
}

/** Whole numbers beyond 2^53 would be sent on as another number. */
function parseExactNumber(text: string): number {
  const number = JSON.parse(text) as number;
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) {
    throw new Error('a number is too large');
  }
  return number;
}
