// All node sources together: the list is sound, every promised name is there, and no file can make a parser lie or hang.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCollector, selfMetrics } from '../../collector/collect.ts';
import { guardSamples } from '../../collector/guard.ts';
import type { Source } from '../../collector/source.ts';
import { createKnown, createSources } from '../../collector/sources/index.ts';
import { systemClock } from '../../core/runtime/clock.ts';
import { fakeMachine } from '../fakes/machine.ts';
import { fuzzRuns } from '../fuzz.ts';
import { hostFiles, hostOptions, textfileFolder } from './host.ts';
import { expandNames, nodeNames, promisedNames } from './names.ts';

const make = () =>
  createSources(
    { dnsNames: ['localhost'], textfileDirectory: textfileFolder, hostRoot: '' },
    createKnown(async () => undefined),
  );
const sources = make();
const metrics = sources.flatMap((source) => source.metrics);

describe('the list', () => {
  test('no two sources share a name, no two a metric', () => {
    expect(new Set(sources.map(({ name }) => name)).size).toBe(sources.length);
    expect(metrics.map(({ name }) => name).filter((name, at, all) => all.indexOf(name) !== at)).toEqual([]);
  });

  test.each(metrics.map(({ name, type, help }) => ({ name, type, help })))('$name is sound', ({ name, help }) => {
    expect(name).toMatch(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    expect(help.length).toBeGreaterThan(3);
  });

  test('declare every name that dashboards expect', () => {
    const declared = new Set([...metrics, ...selfMetrics].map(({ name }) => name));
    expect(promisedNames.length).toBeGreaterThan(300);
    expect(promisedNames.filter((name) => !declared.has(name))).toEqual([]);
  });

  test('background sources have time to answer within their interval', () => {
    const late = sources.filter(({ intervalSeconds = 1, deadlineSeconds = 0.8 }) => deadlineSeconds > intervalSeconds);
    expect(late.map(({ name }) => name)).toEqual([]);
  });
});

describe('a machine that has everything', () => {
  test.each(nodeNames)('$family', async ({ type, labels, names }) => {
    const collector = createCollector(make(), {
      machine: fakeMachine({ ...hostFiles }, hostOptions),
      clock: systemClock,
      onChange: () => undefined,
    });
    await collector.start(AbortSignal.abort());
    const { samples } = await collector.scrape();
    const wrong = expandNames(names).flatMap((name) => {
      const metric = metrics.find((one) => one.name === name);
      if (metric?.type !== type) return [`${name} is declared as ${metric?.type}`];
      const found = samples.filter((sample) => sample.name === name);
      if (found.length === 0) return [`${name} has no sample`];
      return found
        .map((sample) => Object.keys(sample.labels).sort().join())
        .filter((keys) => keys !== [...labels].sort().join())
        .map((keys) => `${name} has labels ${keys}`);
    });
    expect(wrong).toEqual([]);
  });
});

/** The files that each source asks for on the full machine. */
async function filesOf(source: Source): Promise<string[]> {
  const asked = new Set<string>();
  const machine = fakeMachine(hostFiles, hostOptions);
  const note =
    <T>(read: (path: string) => T) =>
    (path: string): T => {
      if (Object.hasOwn(hostFiles, path)) asked.add(path);
      return read(path);
    };
  await source.read({
    ...machine,
    readText: note(machine.readText),
    readTextIfThere: note(machine.readTextIfThere),
    readTextSlowly: note(machine.readTextSlowly),
  });
  return [...asked];
}

describe('whatever a file says, a source tells finite numbers or throws, and soon', async () => {
  const own = make().filter(
    ({ name }) => !/^(container|gpu|nvidia|dcgm|process|named)/.test(name) || name === 'process',
  );
  const table = await Promise.all(own.map(async ({ name }, at) => ({ name, at, files: await filesOf(own[at]!) })));
  const edit = fc.record({
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.integer({ min: 0, max: 12 }),
    put: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('', '\n', ' ', ':', ') (', '-1', '1e400', 'NaN', '0x1F', '9'.repeat(30), '\u0000', '{', '"'),
    ),
  });
  test.each(table.filter(({ files }) => files.length > 0))('$name', async ({ name, files }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        async (path, edits) => {
          let text = hostFiles[path]!;
          for (const { from, cut, put } of edits) {
            const at = Math.floor(from * text.length);
            text = text.slice(0, at) + put + text.slice(at + cut);
          }
          const source = make().find((one) => one.name === name)!;
          const started = performance.now();
          const outcome = await tell(source, { ...hostFiles, [path]: text });
          expect(performance.now() - started).toBeLessThan(500);
          expect(outcome).not.toContain('emitted');
        },
      ),
      { numRuns: fuzzRuns },
    );
  });
});

async function tell(source: Source, files: Record<string, string>): Promise<string> {
  try {
    guardSamples(source, await source.read(fakeMachine(files, hostOptions)));
    return 'told';
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
}
