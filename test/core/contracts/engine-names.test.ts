// Names of the engine's things: what is made can be read back, the broker takes it, and no two environments share one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownNames } from '../../../core/contracts/broker.ts';
import { engineSecretName, readEngineSecretName, secretBody, secretName } from '../../../core/contracts/secrets.ts';
import { engineNetworkName, mainNetwork, networkName, readEngineNetworkName } from '../../../core/contracts/volumes.ts';

const environments = fc.stringMatching(/^[0-9a-f]{16}$/);
const names = fc.stringMatching(/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/);
const secretNames = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);

test('a secret’s name reads back as environment, name and version, also where the name ends like a version', () => {
  fc.assert(
    fc.property(environments, secretNames, fc.integer({ min: 1, max: 999_999 }), (environment, name, version) => {
      const engineName = engineSecretName(environment, name, version);
      expect(secretName.safeParse(name).success).toBe(true);
      expect(engineName).toMatch(ownNames.secret);
      expect(readEngineSecretName(engineName)).toEqual({ environment, name, version });
    }),
  );
});

test('so does a network’s', () => {
  fc.assert(
    fc.property(environments, names, (environment, name) => {
      expect(networkName.safeParse(name).success).toBe(true);
      expect(engineNetworkName(environment, name)).toMatch(ownNames.network);
      expect(readEngineNetworkName(engineNetworkName(environment, name))).toEqual({ environment, name });
    }),
  );
  expect(readEngineNetworkName(engineNetworkName('0123456789abcdef'))).toEqual({
    environment: '0123456789abcdef',
    name: mainNetwork,
  });
});

test.each(['env-one', 'odyssey_default', 'bridge', 'env-0123456789abcdef-', 'vol-shop', 'db-password-3', '-1'])(
  '%s is none of an environment’s',
  (name) => {
    expect(readEngineNetworkName(name) ?? readEngineSecretName(name)).toBeUndefined();
  },
);

test.each([
  { given: 'no value', value: {} },
  { given: 'two values', value: { text: 'a', base64: 'YQ==' } },
  { given: 'nothing as a value', value: { text: '' } },
  { given: 'base64 that is none', value: { base64: '****' } },
  { given: 'more than 128 KiB', value: { text: 'x'.repeat(131_073) } },
])('$given makes no secret', ({ value }) => {
  expect(secretBody.safeParse({ name: 'db-password', value }).success).toBe(false);
});
