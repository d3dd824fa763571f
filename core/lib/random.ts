// Seeded chance: the same seed gives the same numbers on every machine, so that models and tests can be repeated.

/** A source of numbers in [0, 1). */
export type Random = () => number;

/**
 * sfc32, a small fast counting generator (Doty-Humphrey, PractRand): 128 bits of state, period at least 2^32.
 * The seed is spread by splitmix32 so that neighbouring seeds start far apart. A number costs a few nanoseconds.
 */
export function createRandom(seed: number): Random {
  let mixed = seed >>> 0;
  const next = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let word = mixed ^ (mixed >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
  let a = next();
  let b = next();
  let c = next();
  let counter = 1;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
}

/** A whole number in [0, bound). */
export function randomInteger(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** A standard normal draw (Box and Muller 1958). */
export function randomNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** `count` different whole numbers in [0, bound), without replacement (Floyd's method); all of them when `count` reaches `bound`. */
export function sampleIndices(random: Random, count: number, bound: number): Int32Array {
  if (count >= bound) return Int32Array.from({ length: bound }, (_, index) => index);
  const chosen = new Set<number>();
  for (let top = bound - count; top < bound; top++) {
    const candidate = randomInteger(random, top + 1);
    chosen.add(chosen.has(candidate) ? top : candidate);
  }
  return Int32Array.from(chosen);
}
