// The README's table of settings, printed from the settings themselves, so that the two cannot drift apart.
import { settings as collector } from '../../collector/config.ts';
import type { Settings } from '../../core/runtime/config.ts';
import { settings as detectors } from '../../detectors/config.ts';
import { settings as broker } from '../../web/broker/config.ts';
import { settings as controlPlane } from '../../web/server/config.ts';

const processes: readonly { name: string; settings: Settings }[] = [
  { name: 'collector', settings: collector },
  { name: 'detectors', settings: detectors },
  { name: 'control plane', settings: controlPlane },
  { name: 'broker', settings: broker },
];

/** Markdown; a setting that several processes read stands once, with all of them. */
export function printSettingsTable(): string {
  const rows = new Map<string, { readers: string[]; fallback: string; about: string }>();
  for (const { name, settings } of processes) {
    for (const { variable, fallback, about } of Object.values(settings)) {
      const row = rows.get(variable);
      if (row) row.readers.push(name);
      else rows.set(variable, { readers: [name], fallback, about });
    }
  }
  const lines = [...rows].map(
    ([variable, { readers, fallback, about }]) =>
      `| \`${variable}\` | ${readers.join(', ')} | ${fallback === '' ? '–' : `\`${fallback}\``} | ${about.replaceAll('|', '\\|')} |`,
  );
  return ['| variable | read by | default | what it is |', '| --- | --- | --- | --- |', ...lines].join('\n');
}
