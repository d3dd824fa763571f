// What announces a secret and what only sounds like one.
import { describe, expect, test } from 'vitest';
import {
  isSecretName,
  isSecretValue,
  redactTokens,
  secretOfPair,
  secretOptionOf,
} from '../../../core/lib/redact-rules.ts';

describe('rules of redaction', () => {
  test.each([
    'password',
    'db-password',
    'AWS_SECRET_ACCESS_KEY',
    'clientSecret',
    'PGPASSWORD',
    'MYSQL_PWD',
    'spring.datasource.password',
    'api-key',
    'apiKey',
    'auth_token',
    'SharedAccessKey',
    'REDIS_PASS',
  ])('%s announces a secret', (name) => expect(isSecretName(name)).toBe(true));

  test.each([
    'tokenizer',
    'password-file',
    'token-ttl',
    'max-token',
    'no-password',
    'bypass',
    'compass',
    'key',
    'sort-key',
    'secret-name',
    'author',
    'x'.repeat(4_000),
  ])('%s does not', (name) => expect(isSecretName(name)).toBe(false));

  test.each(['hunter2', '12345', 'a/b', '/x'])('%s may be a secret', (value) =>
    expect(isSecretValue(value)).toBe(true),
  );

  test.each(['', '-', 'true', '$PASS', '${PASS}', '/run/secrets/db', '@/etc/app/token', 'env:PASS'])(
    '%s is none',
    (value) => expect(isSecretValue(value)).toBe(false),
  );

  test.each([
    ['mysql', '-phunter2', { kind: 'here', secret: 'hunter2' }],
    ['sshpass', '-p', { kind: 'next' }],
    ['curl', '-u', { kind: 'next-pair' }],
    ['curl', '--user=me:hunter2', { kind: 'here', secret: 'hunter2' }],
    ['openssl', 'pass:hunter2', { kind: 'here', secret: 'hunter2' }],
    ['ssh', '-p', undefined],
    ['tar', '-pxf', undefined],
  ])('%s %s', (program, word, secret) => expect(secretOptionOf(program, word)).toEqual(secret));

  test('the half after the colon or percent sign is the secret', () => {
    expect(secretOfPair('me:hunter2')).toBe('hunter2');
    expect(secretOfPair('me%hunter2')).toBe('hunter2');
    expect(secretOfPair('me')).toBeUndefined();
  });

  test.each([
    ['https://me:hunter2@host/', 'https://me:*@host/'],
    ['Authorization: Basic bWU6aHVudGVyMg==', 'Authorization: Basic *'],
    ['/x?api_key=abc&page=2', '/x?api_key=*&page=2'],
    ['http://host:8080/a@b', 'http://host:8080/a@b'],
  ])('%s → %s', (text, clean) => expect(redactTokens(text, '*')).toBe(clean));
});
