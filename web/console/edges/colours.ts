// The colours of the theme as a canvas needs them: resolved, because a canvas knows no custom properties.
import type { Colours } from '../parts/chart-options.ts';

/** Reads them where the host stands; the browser does the arithmetic of `light-dark()`. */
export function readColours(host: Element): Colours {
  const probe = document.createElement('span');
  host.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const family = getComputedStyle(host).fontFamily;
  const found = {
    series: Array.from({ length: 8 }, (_, index) => colour(`series-${index + 1}`)),
    ...{ band: colour('band'), grid: colour('line'), text: colour('ink-faint'), critical: colour('critical') },
    font: `12px ${family}`,
  };
  probe.remove();
  return found;
}
