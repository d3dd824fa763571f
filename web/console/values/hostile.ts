// Text that others wrote, made harmless to look at: control characters visible, direction marks out, length cut.

const lengthMax = 512;

/** Characters that change the direction or hide: they are shown as a mark, so that a name cannot pose as another. */
const invisible = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

/** At most `max` characters; a cut ends in "…". */
export function harmless(text: string, max: number = lengthMax): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut
    .replaceAll(/[\u0000-\u001f]/g, pictureOf)
    .replaceAll(/[\u007f-\u009f]/g, '␡')
    .replaceAll(invisible, '�');
}

/** U+2400 and on are pictures of the control characters. */
function pictureOf(character: string): string {
  return String.fromCharCode(0x2400 + character.charCodeAt(0));
}

/** The same for lines of a log, where tabs are wanted and colour codes are only noise. */
export function harmlessLine(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  const plain = cut.replaceAll(/\u001b\[[0-9;?]{0,32}[A-Za-z]/g, '').replaceAll('\t', '    ');
  return harmless(plain, plain.length);
}
