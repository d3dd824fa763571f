// Draws one row of a heat strip on a canvas: filled steps, hatched for unknown, dotted while learning.
import type { HeatCell } from '../values/heat.ts';

export interface StripColours {
  /** By step of the rarity scale. */
  levels: readonly string[];
  hatch: string;
  ground: string;
}

export function drawStrip(
  canvas: HTMLCanvasElement,
  cells: readonly HeatCell[],
  colours: StripColours,
  { width, height, ratio }: { width: number; height: number; ratio: number },
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const step = width / cells.length;
  const gap = step > 4 ? 1 : 0;
  for (const [place, cell] of cells.entries()) {
    const [left, wide] = [place * step, Math.max(0.5, step - gap)];
    context.fillStyle = typeof cell === 'number' ? colours.levels[cell]! : colours.ground;
    context.fillRect(left, 0, wide, height);
    if (typeof cell === 'string') fillUnknown(context, cell, colours.hatch, left, wide, height);
  }
}

function fillUnknown(
  context: CanvasRenderingContext2D,
  cell: string,
  colour: string,
  left: number,
  wide: number,
  height: number,
): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, wide, height);
  context.clip();
  if (cell === 'warming') {
    context.fillStyle = colour;
    for (let x = left + 2; x < left + wide; x += 4)
      for (let y = 3; y < height; y += 5) context.fillRect(x, y, 1.2, 1.2);
  } else {
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = left - height; x < left + wide; x += 5) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
  }
  context.restore();
}
