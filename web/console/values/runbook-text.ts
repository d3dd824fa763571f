// A runbook as blocks that a page can draw without HTML of its own: paragraphs, numbered steps, and what is typed into a shell.

export interface Segment {
  code: boolean;
  text: string;
}

export interface Block {
  kind: 'paragraph' | 'steps' | 'points';
  /** One for a paragraph, one for each step or point. */
  items: Segment[][];
}

/** Reads the little Markdown that runbooks are written in; whatever else is in it stays as the text that it is. */
export function blocksOf(markdown: string): Block[] {
  return markdown
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const kind = /^\d+\. /.test(block) ? 'steps' : /^[-*] /.test(block) ? 'points' : 'paragraph';
      const items = kind === 'paragraph' ? [block] : block.split(kind === 'steps' ? /^\d+\. /m : /^[-*] /m).slice(1);
      return { kind, items: items.map(segmentsOf) };
    });
}

function segmentsOf(text: string): Segment[] {
  const parts = text
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
    .split(/`([^`]+)`/);
  return parts.map((part, place) => ({ code: place % 2 === 1, text: part })).filter(({ text: part }) => part !== '');
}
