// Text that was written in another alphabet to look harmless: backslash escapes and base64, undone without any library.

const escaped = /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|(.))/gs;
const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', e: '\u001b', a: '\u0007' };

/** "\x2fbin\057sh\n" → "/bin/sh" and a line break; any other escaped character stands for itself. */
export function undoEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escaped, (_, hex?: string, octal?: string, other?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return named[other ?? ''] ?? other ?? '';
  });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const encoded = /^[A-Za-z0-9+/_-]{4,65536}={0,2}$/;

/** The text that a base64 word stands for; undefined where it is no base64 or holds bytes that no script has. */
export function undoBase64(word: string): string | undefined {
  const compact = word.trim();
  if (!encoded.test(compact)) return undefined;
  let text = '';
  let bits = 0;
  let held = 0;
  for (const char of compact) {
    if (char === '=') break;
    const value = alphabet.indexOf(char === '-' ? '+' : char === '_' ? '/' : char);
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    const byte = (bits >> held) & 0xff;
    if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
