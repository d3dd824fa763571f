// How a person wants it to look: theme, density, whether the rail is narrow. Kept in the browser, not on the server.
import type { Storage } from './ports.ts';

export type Theme = 'system' | 'light' | 'dark';
type Density = 'dense' | 'comfortable';

export class Taste {
  private readonly storage: Storage;
  theme = $state<Theme>('system');
  density = $state<Density>('dense');
  narrowRail = $state(false);

  constructor(storage: Storage) {
    this.storage = storage;
    const theme = storage.read('odyssey-theme');
    if (theme === 'light' || theme === 'dark') this.theme = theme;
    if (storage.read('odyssey-density') === 'comfortable') this.density = 'comfortable';
    this.narrowRail = storage.read('odyssey-rail') === 'narrow';
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.storage.write('odyssey-theme', theme === 'system' ? undefined : theme);
  }

  setDensity(density: Density): void {
    this.density = density;
    this.storage.write('odyssey-density', density === 'dense' ? undefined : density);
  }

  setNarrowRail(narrow: boolean): void {
    this.narrowRail = narrow;
    this.storage.write('odyssey-rail', narrow ? 'narrow' : undefined);
  }
}
