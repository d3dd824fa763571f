// The collector's own kinds of settings: engines and paces.
import { describe, expect, test } from 'vitest';
import { settings, settingsPrefix } from '../../collector/config.ts';
import { readConfig } from '../../core/runtime/config.ts';

const read = (environment: Record<string, string>) => readConfig(settings, environment, settingsPrefix);

test('defaults listen on loopback only', () => {
  expect(read({})).toMatchObject({ host: '127.0.0.1', port: 9401, sourcesOff: [], dataFolder: 'data' });
});

describe('paces', () => {
  test.each([
    {
      text: 'gpu=15s,dns=30s',
      gives: [
        ['gpu', 15],
        ['dns', 30],
      ],
    },
    { text: ' gpu = 1m ', gives: [['gpu', 60]] },
  ])('$text', ({ text, gives }) => {
    expect([...read({ COLLECTOR_INTERVALS: text }).intervals]).toEqual(gives);
  });

  test.each(['gpu', 'gpu=', 'gpu=fast', '=15s', 'gpu=0s', 'gpu=500ms'])('%j is refused', (text) => {
    expect(() => read({ COLLECTOR_INTERVALS: text })).toThrow('give pairs such as gpu=15s');
  });
});

test.each(['http//x', 'ssh://host', 'unix://', 'tcp://host'])('an engine at %j is refused', (text) => {
  expect(() => read({ DOCKER_HOST: text })).toThrow('give unix:///path/to/docker.sock or tcp://address:port');
});
