// What charts and strips are drawn with: ranges that hold the values, axes in words, hatching where nothing is known.
import { describe, expect, test } from 'vitest';
import { chartOptions, swatchOf, valueRange } from '../../../../web/console/parts/chart-options.ts';
import { drawStrip } from '../../../../web/console/parts/heat-drawing.ts';

describe('value axis', () => {
  test.each([
    { low: 2, high: 10, top: undefined, says: [0, 10.8] },
    { low: -5, high: 10, top: undefined, says: [-5.4, 10.8] },
    { low: 0.1, high: 0.4, top: 1, says: [0, 1] },
    { low: 0.1, high: 1.5, top: 1, says: [0, 1.62] },
    { low: 0, high: 0, top: undefined, says: [0, 1] },
    { low: null, high: null, top: undefined, says: [0, 1] },
  ])('$low to $high', ({ low, high, top, says }) => {
    const [from, to] = valueRange(low, high, top);
    expect(from).toBeCloseTo(says[0]!);
    expect(to).toBeCloseTo(says[1]!);
  });
});

const colours = { series: Array(8).fill('red'), band: 'b', grid: 'g', text: 't', critical: 'c', font: 'f' };
function optionsOf(more: Partial<Parameters<typeof chartOptions>[0]> = {}) {
  const zoomed: unknown[] = [];
  const options = chartOptions({
    ...{
      names: ['a', 'b'],
      unit: 'bytes',
      band: true,
      width: 400,
      height: 100,
      group: 'page',
      top: undefined,
      colours,
    },
    ...{ span: () => ({ start: 0, end: 3_600 }), marks: () => [], onCursor: () => {}, onBack: () => {} },
    onZoom: (span) => void zoomed.push(span),
    ...more,
  });
  return { options, zoomed };
}

describe('chart', () => {
  test('series are told apart without colour, the band lies behind them', () => {
    const { options } = optionsOf();
    expect(options.series).toHaveLength(5);
    expect(options.series[1]!.dash).not.toEqual(options.series[2]!.dash);
    expect(options.bands).toEqual([{ series: [3, 4], fill: 'b' }]);
  });

  test('axes speak the unit and the clock', () => {
    const { options } = optionsOf();
    const values = options.axes!.map(({ values: words }) =>
      (words as (plot: unknown, splits: number[]) => string[])(undefined, [0, 1_073_741_824]),
    );
    expect(values[1]).toEqual(['0 B', '1 GiB']);
    expect(values[0]![0]).toMatch(/^\d\d:\d\d$/);
  });

  test.each([
    { unit: 'cores', splits: [0, 0.5, 1], says: ['0 cores', '0.5 cores', '1 core'] },
    { unit: 'bytes', splits: [0, 10 * 2 ** 30], says: ['0 B', '10 GiB'] },
    { unit: 'rarity', splits: [0, 2, 4], says: ['ordinary', '1 in 100', '1 in 10,000'] },
    { unit: 'ratio', splits: [0, 1], says: ['0 %', '100 %'] },
  ] as const)('marks of $unit are as short as they can be', ({ unit, splits, says }) => {
    const { values } = optionsOf({ unit }).options.axes![1]!;
    expect((values as unknown as (plot: unknown, at: readonly number[]) => string[])(undefined, splits)).toEqual(says);
  });

  test('the key shows the dashes of a line', () => {
    expect(swatchOf(0)).toBe('var(--series-1)');
    expect(swatchOf(1)).toBe('repeating-linear-gradient(90deg, var(--series-2) 0px 6px, transparent 6px 9px)');
  });

  test('a span that is drawn zooms, a click that trembled does not', () => {
    const { options, zoomed } = optionsOf();
    const plot = (width: number) => ({
      select: { left: 100, width },
      posToVal: (x: number) => x * 10,
      setSelect: () => {},
    });
    for (const width of [3, 50]) options.hooks!.setSelect![0]!(plot(width) as never);
    expect(zoomed).toEqual([{ start: 1_000, end: 1_500 }]);
  });

  test.each([
    { given: 'fewer points than pixels', points: 300, ratio: 1, says: 1.5 },
    { given: 'points closer than pixels', points: 600, ratio: 1, says: 1 },
    { given: 'points with room on a fine screen', points: 600, ratio: 2, says: 1.5 },
    { given: 'points closer than fine pixels', points: 900, ratio: 2, says: 0.5 },
  ])('$given: lines are $says wide, the band has none', ({ points, ratio, says }) => {
    const { options } = optionsOf();
    const series = options.series.map(({ width }) => ({ width }));
    const plot = { series, data: [{ length: points }], bbox: { width: 400 * ratio }, width: 400 };
    options.hooks!.drawClear![0]!({ ...plot, ctx: { canvas: { width: 400 * ratio } } } as never);
    expect(series.slice(1).map(({ width }) => width)).toEqual([says, says, 0, 0]);
  });

  test('marks within the time are drawn, others not', () => {
    const drawn: number[] = [];
    const { options } = optionsOf({
      marks: () => [
        { atSeconds: 50, kind: 'deploy' },
        { atSeconds: 5_000, kind: 'alert' },
      ],
    });
    const nothing = () => {};
    const ctx = {
      save: nothing,
      restore: nothing,
      setLineDash: nothing,
      beginPath: nothing,
      lineTo: nothing,
      stroke: nothing,
      moveTo: (x: number) => void drawn.push(x),
    };
    options.hooks!.draw![0]!({
      ctx,
      bbox: { left: 0, top: 0, width: 100, height: 50 },
      valToPos: (at: number) => at,
    } as never);
    expect(drawn).toEqual([50]);
  });
});

test('a strip: known cells are filled in the colour of their step, unknown hatched, warming dotted', () => {
  const calls: string[] = [];
  const context = new Proxy({} as Record<string, unknown>, {
    get:
      (_, name) =>
      (...all: number[]) =>
        void calls.push(`${String(name)} ${all.map(Math.round).join(' ')}`.trim()),
    set: (_, name, value) => {
      if (name === 'fillStyle') calls.push(`fill ${value}`);
      return true;
    },
  });
  const canvas = { getContext: () => context } as unknown as HTMLCanvasElement;
  const strip = { levels: ['l0', 'l1', 'l2', 'l3', 'l4', 'l5'], hatch: 'h', ground: 'g' };
  drawStrip(canvas, [4, 'unknown', 'warming'], strip, { width: 30, height: 10, ratio: 2 });
  expect([canvas.width, canvas.height]).toEqual([60, 20]);
  expect(calls.filter((call) => call.startsWith('fill '))).toEqual(['fill l4', 'fill g', 'fill g', 'fill h']);
  expect(calls.filter((call) => call.startsWith('moveTo')).length).toBeGreaterThan(2);
});
