// Drawings of one page: whatever has changed is drawn together in the next frame, and only where somebody can see it.

export interface Drawing {
  /** It should look different now. Several changes before the next frame are drawn once; what is out of sight waits until it is seen. */
  change(): void;
  stop(): void;
}

interface Watched {
  draw(): void;
  inSight: boolean;
}

/** A frame has 16 ms in all: on a slow machine the rest of many charts waits for the next, and the page stays quick. */
const drawMilliseconds = 10;
/** So far from the edge of what scrolls it is drawn already: scrolling meets no old picture. */
const margin = '200px';
const watched = new Map<Element, Watched>();
/** Changed and not drawn yet, in the order in which they changed, so that none is overtaken for ever. */
const waiting = new Set<Watched>();
let sight: IntersectionObserver | undefined;
let planned = false;

/** Draws on the host whenever it changed; one drawing a host. A hidden tab draws nothing: the browser gives it no frames. */
export function drawInFrames(host: Element, draw: () => void): Drawing {
  const drawing: Watched = { draw, inSight: false };
  watched.set(host, drawing);
  sight ??= new IntersectionObserver(look, { rootMargin: margin, scrollMargin: margin });
  sight.observe(host);
  return {
    change() {
      waiting.add(drawing);
      if (drawing.inSight) plan();
    },
    stop() {
      waiting.delete(drawing);
      watched.delete(host);
      sight?.unobserve(host);
    },
  };
}

function look(seen: readonly IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of seen) {
    const drawing = watched.get(target);
    if (drawing) drawing.inSight = isIntersecting;
  }
  plan();
}

function plan(): void {
  if (planned) return;
  planned = true;
  requestAnimationFrame(drawAll);
}

function drawAll(): void {
  planned = false;
  const end = performance.now() + drawMilliseconds;
  for (const drawing of waiting) {
    if (!drawing.inSight) continue;
    if (performance.now() > end) {
      plan();
      return;
    }
    waiting.delete(drawing);
    drawing.draw();
  }
}
