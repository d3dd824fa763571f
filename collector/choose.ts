// Which sources are read, and how often: the list, as the settings change it.
import type { Source } from './source.ts';

export interface SourceChoice {
  sourcesOff: readonly string[];
  sourcesOn: readonly string[];
  intervals: ReadonlyMap<string, number>;
}

/** The sources to read. Throws, naming what is known, when a setting names a source that does not exist. */
export function chooseSources(
  sources: readonly Source[],
  { sourcesOff, sourcesOn, intervals }: SourceChoice,
): Source[] {
  const known = new Set(sources.map((source) => source.name));
  const unknown = [...sourcesOff, ...sourcesOn, ...intervals.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`No source is called ${unknown.join(', ')}; there are ${[...known].sort().join(', ')}.`);
  }
  return sources
    .filter(({ name, optional }) => !sourcesOff.includes(name) && (!optional || sourcesOn.includes(name)))
    .map((source) => withInterval(source, intervals.get(source.name)));
}

/** The same source at another pace; a prototype keeps whatever else the source is made of. */
function withInterval(source: Source, intervalSeconds: number | undefined): Source {
  if (intervalSeconds === undefined) return source;
  return Object.create(source, { intervalSeconds: { value: intervalSeconds, enumerable: true } }) as Source;
}
