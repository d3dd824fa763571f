// DER, the byte form of ASN.1 that certificates are written in: just the types that a self-made certificate needs.

const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

function element(tag: number, content: Uint8Array): Uint8Array {
  const length = content.length < 128 ? [content.length] : longLength(content.length);
  return Uint8Array.from([tag, ...length, ...content]);
}

function longLength(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function sequence(...parts: Uint8Array[]): Uint8Array {
  return element(tags.sequence, join(parts));
}

export function set(...parts: Uint8Array[]): Uint8Array {
  return element(tags.set, join(parts));
}

/** An unsigned whole number of any size, most significant byte first. */
export function integer(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const shortest = bytes.slice(start);
  return element(tags.integer, shortest[0]! >= 0x80 ? join([Uint8Array.of(0), shortest]) : shortest);
}

/** An object identifier such as "2.5.29.17". */
export function oid(text: string): Uint8Array {
  const [first, second, ...rest] = text.split('.').map(Number);
  const bytes = [first! * 40 + second!];
  for (const arc of rest) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128));
    bytes.push(...groups);
  }
  return element(tags.oid, Uint8Array.from(bytes));
}

export function utf8(text: string): Uint8Array {
  return element(tags.utf8, new TextEncoder().encode(text));
}

/** Whole bytes: no unused bits at the end. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(tags.bitString, join([Uint8Array.of(0), bytes]));
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(tags.octetString, bytes);
}

/** A context-specific tag around (`constructed`) or instead of another. */
export function tagged(number: number, content: Uint8Array, constructed: boolean): Uint8Array {
  return element(0x80 | (constructed ? 0x20 : 0) | number, content);
}

/** A time of ISO 8601 in UTC; RFC 5280 wants two digits of the year before 2050 and four from then on. */
export function time(iso: string): Uint8Array {
  const digits = `${iso.slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const text = new TextEncoder().encode(Number(iso.slice(0, 4)) < 2050 ? digits.slice(2) : digits);
  return element(Number(iso.slice(0, 4)) < 2050 ? tags.utcTime : tags.generalizedTime, text);
}
