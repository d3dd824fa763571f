// Settings: read once, all mistakes told together, a typing mistake never passes unseen.
import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  choice,
  names,
  port,
  readConfig,
  seconds,
  text,
  url,
  wholeNumber,
} from '../../../core/runtime/config.ts';

const settings = {
  server: url('APP_SERVER', 'http://127.0.0.1:9090', 'A server.'),
  port: port('APP_PORT', 9401, 'A port.'),
  window: seconds('APP_WINDOW', '7d', 'A window.'),
  tries: wholeNumber('APP_TRIES', 3, 'Tries.', { min: 1, max: 5 }),
  level: choice('APP_LEVEL', 'info', 'A level.', ['debug', 'info']),
  hosts: names('APP_HOSTS', '', 'Hosts.'),
  title: text('TITLE', 'untitled', 'A title.'),
};
const read = (environment: Record<string, string | undefined>) => readConfig(settings, environment, 'APP_');

test('defaults, where the environment says nothing', () => {
  expect(read({ APP_PORT: '', PATH: '/bin' })).toEqual({
    server: 'http://127.0.0.1:9090',
    port: 9401,
    window: 604_800,
    tries: 3,
    level: 'info',
    hosts: [],
    title: 'untitled',
  });
});

test.each([
  { environment: { APP_SERVER: 'https://x/y//' }, gives: { server: 'https://x/y' } },
  { environment: { APP_PORT: '80' }, gives: { port: 80 } },
  { environment: { APP_WINDOW: '1h30m' }, gives: { window: 5400 } },
  { environment: { APP_TRIES: '5' }, gives: { tries: 5 } },
  { environment: { APP_LEVEL: 'debug' }, gives: { level: 'debug' } },
  { environment: { APP_HOSTS: ' a, b ,,' }, gives: { hosts: ['a', 'b'] } },
  { environment: { TITLE: 'x' }, gives: { title: 'x' } },
])('$environment', ({ environment, gives }) => {
  expect(read(environment as Record<string, string>)).toMatchObject(gives);
});

test.each([
  { variable: 'APP_SERVER', value: 'ftp://x', gives: 'give an http or https address' },
  { variable: 'APP_SERVER', value: 'http//x', gives: 'give an http or https address' },
  { variable: 'APP_PORT', value: '0', gives: 'give a port from 1 to 65535' },
  { variable: 'APP_PORT', value: '94o1', gives: 'give a port from 1 to 65535' },
  { variable: 'APP_WINDOW', value: 'soon', gives: 'give a duration such as 15s' },
  { variable: 'APP_TRIES', value: '6', gives: 'give a whole number from 1 to 5' },
  { variable: 'APP_TRIES', value: '1.5', gives: 'give a whole number from 1 to 5' },
  { variable: 'APP_LEVEL', value: 'loud', gives: 'give one of debug, info' },
  { variable: 'APP_WINDWO', value: '7d', gives: 'APP_WINDWO is not a setting; known are APP_HOSTS,' },
])('$variable=$value is refused', ({ variable, value, gives }) => {
  expect(() => read({ [variable]: value })).toThrow(gives);
});

describe('the outcome', () => {
  test('all mistakes come together', () => {
    try {
      read({ APP_PORT: 'x', APP_LEVEL: 'x', APP_X: '1' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).problems).toHaveLength(3);
    }
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(read({}))).toBe(true);
  });
});
