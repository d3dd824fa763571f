// The colours of the theme as a canvas needs them: resolved, because a canvas knows no custom properties.
import type { Colours } from '../parts/chart-options.ts';
import type { StripColours } from '../parts/heat-drawing.ts';

export type HeatColours = StripColours;

/** Reads them where the host stands; the browser does the arithmetic of `light-dark()`. */
export function readColours(host: Element): Colours {
  return probe(host, (colour) => ({
    series: Array.from({ length: 8 }, (_, index) => colour(`series-${index + 1}`)),
    ...{ band: colour('band'), grid: colour('line'), text: colour('ink-faint'), critical: colour('critical') },
    font: `12px ${getComputedStyle(host).fontFamily}`,
  }));
}

export function readHeatColours(host: Element): HeatColours {
  return probe(host, (colour) => ({
    levels: Array.from({ length: 6 }, (_, index) => colour(`rarity-${index}`)),
    ...{ hatch: colour('hatch'), ground: colour('surface') },
  }));
}

function probe<T>(host: Element, read: (colour: (name: string) => string) => T): T {
  const element = document.createElement('span');
  host.append(element);
  const found = read((name) => {
    element.style.color = `var(--${name})`;
    return getComputedStyle(element).color;
  });
  element.remove();
  return found;
}
