// Words of a command as people write them on one line: parted by spaces, quoted where a word holds one.

/** Undefined where a quote is never closed. Inside double quotes a backslash takes the next character as it is. */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let place = 0; place < line.length; place++) {
    const character = line[place]!;
    const escapes = character === '\\' && quote !== "'" && place + 1 < line.length;
    if (escapes) word = (word ?? '') + line[++place]!;
    else if (quote !== '' && character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  return word === undefined ? words : [...words, word];
}

/** The other way: `splitWords` reads the same words back. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (/^[^\s"'\\]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`)).join(' ');
}
