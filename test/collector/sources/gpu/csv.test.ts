// Rows of nvidia-smi: whole ones are read, torn ones refused, whatever is printed.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseComputeApps, parseGpuTable, parseUuid, refusedField } from '../../../../collector/sources/gpu/csv.ts';
import { numberFields, textFields } from '../../../../collector/sources/gpu/fields.ts';
import { fuzzRuns } from '../../../fuzz.ts';
import { fastestMs } from '../../fixtures.ts';
import { oneGpu, uuid } from './host.ts';

describe('rows', () => {
  test.each([
    ['GPU-5B2C1F00-1234-4ABC-9DEF-0123456789AB', uuid],
    ['MIG-5b2c1f00-1234-4abc-9def-0123456789ab', `mig-${uuid}`],
    ['MIG-GPU-5b2c1f00-1234-4abc-9def-0123456789ab/7/0', `mig-gpu-${uuid}/7/0`],
    ['[N/A]', undefined],
    ['', undefined],
  ])('%s is %s', (text, parsed) => expect(parseUuid(text)).toBe(parsed));

  test('rows of slices are read, with memory that may be hidden', () => {
    expect(parseComputeApps(`MIG-${uuid}, 12, python, 100\nGPU-${uuid}, 13, [Not Found], [N/A]\n`)).toEqual({
      apps: [
        { uuid: `mig-${uuid}`, pid: 12, processName: 'python', usedBytes: 100 * 2 ** 20 },
        { uuid, pid: 13, processName: '[Not Found]', usedBytes: undefined },
      ],
      problems: 0,
    });
    expect(parseComputeApps(`GPU-${uuid}, 12, pyth`)).toEqual({ apps: [], problems: 1 });
  });

  test('the complaint about a field', () => {
    expect(refusedField('Field "fabric.state" is not a valid field to query.\n')).toBe('fabric.state');
    expect(refusedField('something else')).toBeUndefined();
  });

  test('whatever is printed gives finite numbers of known GPUs, quickly', () => {
    const torn = fc
      .tuple(fc.nat(oneGpu.length), fc.nat(60), fc.string({ maxLength: 12 }))
      .map(([from, length, put]) => oneGpu.slice(0, from) + put + oneGpu.slice(from + length));
    fc.assert(
      fc.property(fc.oneof(torn, fc.string({ unit: 'binary', maxLength: 400 })), (text) => {
        const { gpus } = parseGpuTable(text, textFields, numberFields);
        for (const gpu of gpus) for (const value of gpu.values.values()) expect(Number.isFinite(value)).toBe(true);
        const parse = () => [parseGpuTable(text, textFields, numberFields), parseComputeApps(text)];
        expect(fastestMs(parse, 50)).toBeLessThan(50);
      }),
      { numRuns: fuzzRuns },
    );
  }, 600_000);

  test('2 MB in linear time', () => {
    const parse = () => {
      parseGpuTable(oneGpu.repeat(6_000), textFields, numberFields);
      parseGpuTable('a'.repeat(2_000_000), textFields, numberFields);
      parseComputeApps(`GPU-${uuid}, 1, ${'a, '.repeat(600_000)}`);
    };
    expect(fastestMs(parse, 2_000)).toBeLessThan(2_000);
  });
});
