// The socket tables of /proc/net/{tcp,udp}{,6}: state and queue lengths of each socket.

/** One pass over the text, no copies of lines: a busy proxy has a hundred thousand of them. */
export function forEachSocket(
  text: string,
  visit: (state: number, sentBytes: number, receivedBytes: number) => void,
): void {
  let start = text.indexOf('\n') + 1;
  while (start > 0 && start < text.length) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    // `  12: LOCAL:PORT REMOTE:PORT ST TX_QUEUE:RX_QUEUE …`; only the first column varies in width.
    const local = text.indexOf(': ', start) + 2;
    const remote = text.indexOf(' ', local) + 1;
    const state = text.indexOf(' ', remote) + 1;
    if (local < 2 || remote < 1 || state < 1 || state + 20 > end) throw new Error('not a line of a socket table');
    visit(hexOf(text, state, 2), hexOf(text, state + 3, 8), hexOf(text, state + 12, 8));
    start = end + 1;
  }
}

function hexOf(text: string, at: number, length: number): number {
  const value = Number(`0x${text.slice(at, at + length)}`);
  if (!Number.isInteger(value)) throw new Error('not a line of a socket table');
  return value;
}
