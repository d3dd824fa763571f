// How a chart is set up for uPlot: axes in units people read, one cursor for all, a band behind, ticks for what happened.
import type uPlot from 'uplot';
import type { Span } from '../state/time-range.svelte.ts';
import { sayClock, sayMoment } from '../values/times.ts';
import { say, type Unit } from '../values/units.ts';
import { traceLine } from './line-path.ts';

/** More cannot be told apart. */
export const seriesMax = 8;

export interface Band {
  low: readonly (number | null)[];
  high: readonly (number | null)[];
}

export interface Mark {
  atSeconds: number;
  kind: 'deploy' | 'scale' | 'restart' | 'alert';
}

export interface Colours {
  series: readonly string[];
  band: string;
  grid: string;
  text: string;
  critical: string;
  font: string;
}

interface Setup {
  names: readonly string[];
  unit: Unit;
  band: boolean;
  width: number;
  height: number;
  group: string;
  top: number | undefined;
  colours: Colours;
  span(): Span;
  marks(): readonly Mark[];
  onCursor(index: number | null): void;
  onZoom(span: Span): void;
  onBack(): void;
}

/** In pixels of the page, where points have room. */
const lineWidth = 1.5;

/** Dashes beside colours: lines are told apart without them. */
const dashes: readonly number[][] = [[], [6, 3], [2, 2], [10, 3, 2, 3], [], [6, 3], [2, 2], [10, 3, 2, 3]];

const markDashes: Readonly<Record<Mark['kind'], number[]>> = {
  ...{ deploy: [], scale: [4, 4], restart: [8, 2, 2, 2], alert: [2, 2] },
};

export function chartOptions(setup: Setup): uPlot.Options {
  const { colours, unit, names, band, width, height, group, top } = setup;
  const axis = {
    stroke: colours.text,
    font: colours.font,
    ticks: { show: false },
    grid: { stroke: colours.grid, width: 1 },
  };
  const lines = names.map(
    (label, index): uPlot.Series => ({
      ...{ label, stroke: colours.series[index]!, width: lineWidth, dash: dashes[index]!, points: { show: false } },
      paths: pathOf,
    }),
  );
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } };
  return {
    ...{ width, height, legend: { show: false } },
    series: [{}, ...lines, ...(band ? [edge, edge] : [])],
    ...(band ? { bands: [{ series: [lines.length + 1, lines.length + 2], fill: colours.band }] } : {}),
    scales: {
      x: { time: true, range: () => [setup.span().start, setup.span().end] },
      y: { range: (_, low, high) => valueRange(low, high, top) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 72,
        values: (_, splits) => splits.map((at) => sayTick(at, setup.span())),
      },
      {
        ...axis,
        size: 78,
        gap: 6,
        space: 28,
        ...(isBytes(unit) ? { incrs: binarySteps } : unit === 'rarity' ? { incrs: [1, 2] } : {}),
        values: (_, splits) => splits.map((value) => sayMark(value, unit)),
      },
    ],
    cursor: {
      ...{ sync: { key: group, scales: ['x', null] }, y: false, points: { size: 6 } },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => back(setup) },
    },
    hooks: {
      setCursor: [(plot) => setup.onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => zoom(plot, setup)],
      drawClear: [(plot) => chooseWidth(plot, names.length)],
      draw: [(plot) => drawMarks(plot, setup)],
    },
  };
}

/** From 0 where values are not negative, with a little air above; a flat line lies in the middle of something. */
export function valueRange(low: number | null, high: number | null, top: number | undefined): [number, number] {
  const [least, most] = [Math.min(0, low ?? 0), Math.max(high ?? 0, top ?? 0)];
  if (most === least) return [least, least + 1];
  return [least < 0 ? least * 1.08 : 0, top !== undefined && most <= top ? top : most * 1.08];
}

/** As short as it can be said: "1 core", not "1.00 core". */
function sayMark(value: number, unit: Unit): string {
  return say(value, unit).replace(/\.(\d*?)0+(?= |$)/, (_, kept: string) => (kept === '' ? '' : `.${kept}`));
}

/** The pattern of a line for the key beside its chart, as a CSS background. */
export function swatchOf(index: number): string {
  const colour = `var(--series-${index + 1})`;
  const dash = dashes[index] ?? [];
  if (dash.length === 0) return colour;
  let at = 0;
  const stops = dash.map((length, place) => {
    const from = at;
    at += length;
    return `${place % 2 === 0 ? colour : 'transparent'} ${from}px ${at}px`;
  });
  return `repeating-linear-gradient(90deg, ${stops.join(', ')})`;
}

/** Clock for a day, date for more. */
function sayTick(at: number, { start, end }: Span): string {
  if (end - start <= 172_800) return sayClock(at, end - start < 600);
  return sayMoment(at).slice(5, end - start <= 1_209_600 ? 16 : 10);
}

function isBytes(unit: Unit): boolean {
  return unit === 'bytes' || unit === 'bytes/s';
}

/** 1, 2 and 5 of each power of 1024, and the powers of two between, so that ticks are round in KiB, MiB and GiB. */
const binarySteps = Array.from({ length: 51 }, (_, power) => 2 ** power);

function back(setup: Setup): null {
  setup.onBack();
  return null;
}

function zoom(plot: uPlot, setup: Setup): void {
  const { left, width } = plot.select;
  if (width < 6) return; // a click that trembled
  const [start, end] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  setup.onZoom({ start, end });
}

/**
 * Where points lie closer than pixels a line of more than one pixel is a blob; and without a graphics processor, stroking it costs six times
 * as much as one of a single pixel, which is nine tenths of drawing fifty charts (measured, 600 points on 190 pixels: 85 ms against 14).
 */
function chooseWidth(plot: uPlot, lines: number): void {
  const ratio = plot.ctx.canvas.width / plot.width;
  const width = plot.data[0].length > plot.bbox.width ? 1 / ratio : lineWidth;
  for (const line of plot.series.slice(1, lines + 1)) line.width = width;
}

function pathOf(plot: uPlot, index: number, first: number, last: number): uPlot.Series.Paths {
  const { bbox, data } = plot;
  const { x, y } = plot.scales as Record<'x' | 'y', { min: number; max: number }>;
  const stroke = new Path2D();
  traceLine(
    stroke,
    data[0],
    data[index]!,
    { first, last },
    {
      ...{ left: bbox.left, bottom: bbox.top + bbox.height, startSeconds: x.min, lowest: y.min },
      ...{ pixelsPerSecond: bbox.width / (x.max - x.min), pixelsPerValue: bbox.height / (y.max - y.min) },
    },
  );
  return { stroke, fill: null, clip: null, flags: 0 };
}

function drawMarks(plot: uPlot, setup: Setup): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const { atSeconds, kind } of setup.marks()) {
    const x = plot.valToPos(atSeconds, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = kind === 'alert' ? setup.colours.critical : setup.colours.text;
    ctx.setLineDash(markDashes[kind]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
