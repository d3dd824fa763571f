// The line of one series as a path in pixels: gaps stay gaps, and where several points share a column of pixels, only its ends are drawn.

export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Where the axes lie, in pixels of the canvas. */
export interface Plane {
  left: number;
  bottom: number;
  /** Value of the left edge and of the bottom. */
  startSeconds: number;
  lowest: number;
  pixelsPerSecond: number;
  pixelsPerValue: number;
}

/**
 * Min-max decimation: of all points in one column of pixels the lowest and the highest, in the order in which they came, look the same as all
 * of them. A point alone between two gaps is a dash of one pixel, so that it is seen. O(points), at most two strokes a column.
 */
export function traceLine(
  pen: Pen,
  times: ArrayLike<number>,
  values: ArrayLike<number | null | undefined>,
  { first, last }: { first: number; last: number },
  plane: Plane,
): void {
  const column = new Column(pen);
  for (let index = first; index <= last; index++) {
    const value = values[index];
    if (value === null || value === undefined || Number.isNaN(value)) column.lift();
    else
      column.add(
        Math.round(plane.left + (times[index]! - plane.startSeconds) * plane.pixelsPerSecond),
        Math.round(plane.bottom - (value - plane.lowest) * plane.pixelsPerValue),
      );
  }
  column.lift();
}

/** The column of pixels that points come into now; it is drawn when the next begins. */
class Column {
  private readonly pen: Pen;
  private x = Number.NaN;
  private top = 0;
  private bottom = 0;
  private topIsLater = false;
  /** Points on the line since it began: 0 while the pen is up. */
  private count = 0;

  constructor(pen: Pen) {
    this.pen = pen;
  }

  add(x: number, y: number): void {
    if (x !== this.x) {
      this.draw();
      this.x = x;
      this.top = y;
      this.bottom = y;
    } else if (y < this.top) {
      this.top = y;
      this.topIsLater = true;
    } else if (y > this.bottom) {
      this.bottom = y;
      this.topIsLater = false;
    }
  }

  /** Here is a gap, or the end. */
  lift(): void {
    this.draw();
    if (this.count === 1) this.pen.lineTo(this.x + 1, this.top);
    this.x = Number.NaN;
    this.count = 0;
  }

  private draw(): void {
    if (Number.isNaN(this.x)) return;
    this.point(this.topIsLater ? this.bottom : this.top);
    if (this.top !== this.bottom) this.point(this.topIsLater ? this.top : this.bottom);
  }

  private point(y: number): void {
    if (this.count === 0) this.pen.moveTo(this.x, y);
    else this.pen.lineTo(this.x, y);
    this.count += 1;
  }
}
