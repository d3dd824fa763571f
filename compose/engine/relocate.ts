// Lets a program that was built to read its files under /usr/share find them where it was unpacked.

/**
 * Replaces every occurrence of an absolute path in a program by the same path without its first slash and with one at its end: as long as
 * before, and relative to the folder that the program is started in. (Debian's Alertmanager reads its templates from a fixed path and has no option for it.)
 * Changes the bytes in place and returns how many were found. One pass over the program.
 */
export function relocate(program: Uint8Array, path: string): number {
  const wanted = new TextEncoder().encode(path);
  const relative = new TextEncoder().encode(`${path.slice(1)}/`);
  let found = 0;
  for (let at = program.indexOf(wanted[0]!); at >= 0; at = program.indexOf(wanted[0]!, at + 1)) {
    if (!startsAt(program, wanted, at)) continue;
    program.set(relative, at);
    found++;
  }
  return found;
}

function startsAt(program: Uint8Array, wanted: Uint8Array, at: number): boolean {
  for (let index = 0; index < wanted.length; index++) if (program[at + index] !== wanted[index]) return false;
  return true;
}
