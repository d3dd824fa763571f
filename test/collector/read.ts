// How tests of sources ask: the samples of one read, guarded as the collector guards them and written as exposition lines.
import { guardSamples } from '../../collector/guard.ts';
import type { Source } from '../../collector/source.ts';
import { renderExposition } from '../../core/lib/promtext.ts';
import { type FakeMachineOptions, fakeMachine } from '../fakes/machine.ts';

export type Files = Record<string, string | Error>;

export async function read(source: Source, files: Files, options: FakeMachineOptions = {}): Promise<string[]> {
  const { kept } = guardSamples(source, await source.read(fakeMachine(files, options)));
  return renderExposition(source.metrics, kept)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
