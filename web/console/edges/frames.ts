// Drawings of one page: whatever has changed is drawn together in the next frame, and only where somebody can see it.

export interface Drawing {
  /** It should look different now. Several changes before the next frame are drawn once; what is out of sight waits until it is seen. */
  change(): void;
  stop(): void;
}

interface Watched {
  draw(): void;
  changed: boolean;
  inSight: boolean;
}

/** So far from the edge of the window it is drawn already: scrolling meets no old picture. */
const margin = '200px';
const watched = new Map<Element, Watched>();
let sight: IntersectionObserver | undefined;
let planned = false;

/** Draws on the host whenever it changed; one drawing a host. A hidden tab draws nothing: the browser gives it no frames. */
export function drawInFrames(host: Element, draw: () => void): Drawing {
  const drawing: Watched = { draw, changed: false, inSight: false };
  watched.set(host, drawing);
  sight ??= new IntersectionObserver(look, { rootMargin: margin });
  sight.observe(host);
  return {
    change() {
      drawing.changed = true;
      if (drawing.inSight) plan();
    },
    stop() {
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
  for (const drawing of watched.values()) {
    if (!drawing.changed || !drawing.inSight) continue;
    drawing.changed = false;
    drawing.draw();
  }
}
