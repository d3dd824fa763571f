// Where packages come from: the distribution and its mirror, as apt prints them.
import { describe, expect, test } from 'vitest';
import { downloadedIn, enginesFrom, mirrorsIn, parseRelease } from '../../../compose/engine/release.ts';

describe('release', () => {
  test('os-release is read with and without quotes; what is missing is empty', () => {
    const text =
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n';
    expect(parseRelease(text)).toEqual({ id: 'debian', versionId: '12', codename: 'bookworm' });
    expect(parseRelease('ID_LIKE=debian\n')).toEqual({ id: '', versionId: '', codename: '' });
  });

  test.each([
    { id: 'debian', versionId: '12', expected: ['trixie', 'own'] },
    { id: 'debian', versionId: '13', expected: ['own'] },
    { id: 'ubuntu', versionId: '24.04', expected: ['own'] },
    { id: 'ubuntu', versionId: '12', expected: ['own'] },
  ])('$id $versionId → $expected', ({ id, versionId, expected }) => {
    const sources = enginesFrom({ id, versionId, codename: '' });
    expect(sources.map((source) => (source.kind === 'own' ? 'own' : source.suite))).toEqual(expected);
  });
});

describe('mirrors', () => {
  const inRelease = (base: string, ...suites: string[]) =>
    suites.map((suite) => `'${base}/dists/${suite}/InRelease' some_file_name 0 \n`).join('');
  const packages = (base: string) => `'${base}/dists/bookworm/main/binary-amd64/Packages.xz' name 0 \n`;

  test.each([
    {
      given: 'the usual three sources',
      printed:
        inRelease('http://mirror.test/debian', 'bookworm', 'bookworm-updates') +
        inRelease('http://mirror.test/debian-security', 'bookworm-security') +
        packages('http://mirror.test/debian'),
      expected: ['http://mirror.test/debian'],
    },
    {
      given: "a third party with the release's name comes after the mirror",
      printed:
        inRelease('https://tools.test/apt', 'bookworm') +
        inRelease('http://mirror.test/debian', 'bookworm', 'bookworm-updates'),
      expected: ['http://mirror.test/debian', 'https://tools.test/apt'],
    },
    {
      given: 'a release by its role, from a list of mirrors',
      printed: inRelease('mirror+file:/etc/apt/mirrors/debian.list', 'stable', 'stable-updates'),
      expected: ['mirror+file:/etc/apt/mirrors/debian.list'],
    },
    { given: 'only other things', printed: inRelease('https://node.test', 'nodistro'), expected: [] },
    { given: 'nothing', printed: '', expected: [] },
  ])('$given → $expected', ({ printed, expected }) => {
    expect(mirrorsIn(printed, 'bookworm')).toEqual(expected);
  });
});

test.each([
  {
    line: 'Get:1 http://mirror.test/debian trixie/main amd64 promtool amd64 2.53.3+ds1-2 [15.6 MB]',
    expected: 'promtool 2.53.3+ds1-2 (15.6 MB)',
  },
  { line: 'Get:1 http://mirror.test/debian trixie InRelease [140 kB]', expected: undefined },
  { line: 'Fetched 49.1 MB in 0s (143 MB/s)', expected: undefined },
])('"$line" → $expected', ({ line, expected }) => {
  expect(downloadedIn(line)).toBe(expected);
});
