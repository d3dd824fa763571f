// Runbooks fit both ways in which Odyssey runs: as processes of one folder, and as containers.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../compose/place.ts';

const folder = join(root, 'alerts/runbooks');
const { services } = parse(readFileSync(join(root, 'compose/compose.yaml'), 'utf8'), { merge: true }) as {
  services: Record<string, unknown>;
};
const sections = readdirSync(folder).flatMap((file) =>
  readFileSync(join(folder, file), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((text) => ({ alert: text.split('\n')[0]!, text })),
);

/** `NAME` stands for whichever process it is. */
const logsOf = (text: string) => [...text.matchAll(/data\/logs\/([A-Za-z-]+)\.log/g)].map(([, name]) => name!);

describe.each(sections)('$alert', ({ text }) => {
  test('where a log is named, so is the one of its container', () => {
    for (const name of logsOf(text)) {
      expect(text).toMatch(new RegExp(`docker compose logs (--tail 50 )?${name}\``));
      if (name !== 'NAME') expect(Object.keys(services)).toContain(name);
    }
  });

  test('what is asked at a port of its own can be asked within its container', () => {
    if (/127\.0\.0\.1:9\d{3}/.test(text)) expect(text).toMatch(/docker compose exec [a-z-]+ wget -qO- http:\/\/127/);
  });
});

test('the sections that speak of logs are found', () => {
  expect(sections.filter(({ text }) => logsOf(text).length > 0).length).toBeGreaterThan(20);
});
