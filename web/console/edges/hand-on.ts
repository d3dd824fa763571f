// A row that goes from under the keyboard, as a process ends, hands it to the row that takes its place: the browser would begin the page anew.

/** To be called before the table is drawn anew; `drawn` resolves when it has been. */
export function handOn(table: HTMLElement, drawn: () => Promise<void>): void {
  const row = document.activeElement;
  if (row?.tagName !== 'TR' || !table.contains(row)) return;
  const place = row.getAttribute('aria-rowindex');
  const rowOf = (marks: string) => table.querySelector<HTMLElement>(`tbody tr${marks}`);
  void drawn().then(() => {
    if (row.isConnected || document.activeElement !== document.body) return;
    (rowOf(`[aria-rowindex="${place}"][tabindex]`) ?? rowOf('[tabindex="0"]'))?.focus();
  });
}
