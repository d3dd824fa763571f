// Cuts a stream of bytes into whole JSON values, so that a list of ten thousand containers is cleaned one by one and never held whole.

/** `array`: the elements of one list; `lines`: values one after the other; `one`: a single value. */
export type StreamKind = 'array' | 'lines' | 'one';

/** The engine said something that is not the answer of this call. */
export class BadAnswer extends Error {}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openSquare = 0x5b;
const closeSquare = 0x5d;
const openCurly = 0x7b;
const closeCurly = 0x7d;

/**
 * Splits on structure alone: strings, escapes and nesting are followed, the rest is left to the JSON parser that reads each piece.
 * All structural bytes are ASCII, so a chunk may end inside a character. Cost: one look at each byte; holds one piece at most.
 */
export class JsonSplitter {
  readonly #kind: StreamKind;
  readonly #pieceBytesMax: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #opened = false;
  #closed = false;

  constructor(kind: StreamKind, pieceBytesMax: number) {
    this.#kind = kind;
    this.#pieceBytesMax = pieceBytesMax;
  }

  /** The pieces that end in this chunk, as text. Throws on a piece beyond the bound and on bytes where none may be. */
  push(chunk: Uint8Array): string[] {
    const pieces: string[] = [];
    const marks = { quote: -1, backslash: -1 };
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString) {
        at = this.#skipText(chunk, at, marks);
        continue;
      }
      const byte = chunk[at]!;
      if (this.#depth === 0 && isSpace(byte)) {
        from = at + 1;
        continue;
      }
      if (this.#opensOrCloses(byte)) {
        from = at + 1;
        continue;
      }
      if (this.#depth === 0 && byte !== openCurly && byte !== openSquare) throw new BadAnswer('not the expected JSON');
      if (byte === quote) this.#inString = true;
      else if (byte === openCurly || byte === openSquare) this.#depth++;
      else if (byte === closeCurly || byte === closeSquare) {
        this.#depth--;
        if (this.#depth > 0) continue;
        this.#hold(chunk.subarray(from, at + 1));
        pieces.push(this.#take());
        from = at + 1;
      }
    }
    if (from < chunk.length) this.#hold(chunk.slice(from));
    return pieces;
  }

  /** Called when the stream has ended; throws when it ended in the middle. */
  end(): void {
    const whole = this.#kind !== 'array' || this.#closed;
    if (!whole || this.#depth > 0 || this.#heldBytes > 0) throw new BadAnswer('the answer ends in the middle');
  }

  /**
   * From inside a string: the place of its closing quote, or the end of the chunk. Most bytes of an answer are text, and searching for two bytes
   * is many times quicker than looking at each. The marks remember what was found, so that no byte is searched twice.
   */
  #skipText(chunk: Uint8Array, start: number, marks: { quote: number; backslash: number }): number {
    let at = start;
    while (at < chunk.length) {
      if (this.#escaped) {
        this.#escaped = false;
        at++;
        continue;
      }
      if (marks.quote < at) marks.quote = find(chunk, quote, at);
      if (marks.backslash < at) marks.backslash = find(chunk, backslash, at);
      if (marks.quote < marks.backslash) {
        this.#inString = false;
        return marks.quote;
      }
      if (marks.backslash === chunk.length) return chunk.length;
      this.#escaped = true;
      at = marks.backslash + 1;
    }
    return chunk.length;
  }

  /** The brackets and commas of the list itself belong to no piece. */
  #opensOrCloses(byte: number): boolean {
    if (this.#kind !== 'array' || this.#depth > 0) return false;
    if (this.#closed) throw new BadAnswer('something follows the list');
    if (!this.#opened) {
      if (byte !== openSquare) throw new BadAnswer('not a list');
      this.#opened = true;
      return true;
    }
    if (byte === closeSquare) this.#closed = true;
    return byte === comma || byte === closeSquare;
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#heldBytes += part.length;
    if (this.#heldBytes > this.#pieceBytesMax)
      throw new BadAnswer(`one value is longer than ${this.#pieceBytesMax} bytes`);
    this.#held.push(part);
  }

  #take(): string {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    let text = '';
    for (const part of this.#held) text += decoder.decode(part, { stream: true });
    this.#held = [];
    this.#heldBytes = 0;
    return text + decoder.decode();
  }
}

/** The next place of the byte, or the length where there is none. */
function find(chunk: Uint8Array, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 ? chunk.length : at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
