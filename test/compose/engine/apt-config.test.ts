// apt's configuration: everything it writes stays in our folder, and the machine's hooks do not run.
import { describe, expect, test } from 'vitest';
import { renderAptConfig, renderSource } from '../../../compose/engine/apt-config.ts';

const config = (ownSources: boolean) => renderAptConfig({ work: '/w', user: 'anna', ownSources });

describe('apt configuration', () => {
  test('lists and cache are ours', () => {
    expect(config(true)).toContain('Dir::State::lists "/w/lists";\n');
    expect(config(true)).toContain('Dir::Cache "/w/cache";\n');
    expect(config(true)).toContain('APT::Sandbox::User "anna";\n');
  });

  test.each(['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'])('hook %s is cleared', (hook) => {
    expect(config(true)).toContain(`#clear APT::Update::${hook};\n`);
  });

  test.each([
    { ownSources: true, expected: false },
    { ownSources: false, expected: true },
  ])('own sources $ownSources → only what we wrote is read: $expected', ({ ownSources, expected }) => {
    expect(config(ownSources).includes('Dir::Etc::sourceparts "/w/sources";')).toBe(expected);
  });

  test('signatures are always checked', () => {
    for (const text of [config(true), config(false), renderSource('http://m', 'sid', '/k.gpg')])
      expect(text).not.toMatch(/trusted|allow-?unauth|AllowInsecure/i);
  });

  test('a source names mirror, suite and the key that must have signed it', () => {
    const head = 'Types: deb\nURIs: http://m/debian\nSuites: sid\nComponents: main\n';
    expect(renderSource('http://m/debian', 'sid', '/k.gpg')).toBe(`${head}Signed-By: /k.gpg\n`);
    expect(renderSource('http://m/debian', 'sid', undefined)).toBe(head);
  });
});
