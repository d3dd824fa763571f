// Makes a line of a container's output safe to show: colours and other commands to a terminal go, what could mislead becomes visible.

/** CSI (colours, cursor), OSC (titles, links) up to its end, and the two-letter escapes. ECMA-48. */
const terminal =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~])?|\u009b[0-?]*[ -/]*[@-~]/g;
/** Controls but the tab, and those that turn the direction of text or hide in it. */
const hidden = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const quick = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/** Cost: one pass; most lines have nothing of the kind and come back as they are. A carriage return ends what it overwrites. */
export function toPlain(text: string): string {
  if (!quick.test(text)) return text;
  const bare = text.replace(terminal, '').replace(/\r+$/, '');
  return bare.replace(hidden, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
