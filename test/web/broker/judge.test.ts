// A request becomes a listed call, written anew, or a refusal with its reason.
import { describe, expect, test } from 'vitest';
import { createJudge, judgeBody } from '../../../web/broker/judge.ts';
import { readTable } from '../../../web/broker/read-table.ts';
import { writeTable } from '../../../web/broker/write-table.ts';
import { goodBodies } from './bodies.ts';
import { openPolicy } from './harness.ts';

const table = writeTable(openPolicy);
const judge = { read: createJudge(readTable, openPolicy), write: createJudge(table, openPolicy) };
const id = '0123456789abcdef'.repeat(4);
const json = (length: number) => ['Content-Type', 'application/json', 'Content-Length', String(length)];

function ask(socket: 'read' | 'write', line: string, rawHeaders: readonly string[] = [], httpVersion = '1.1'): string {
  const [method, target] = line.split(' ') as [string, string];
  const judged = judge[socket]({ httpVersion, method, target, rawHeaders });
  return judged.kind === 'refused' ? `${judged.reason} ${judged.route}` : `→ ${judged.path}`;
}

describe('the head', () => {
  test.each([
    ['GET /v1.43/info', '→ /info'],
    ['GET /containers/web.1.abc/json', '→ /containers/web.1.abc/json'],
    ['GET /containers/json?limit=05&all=1', '→ /containers/json?limit=5&all=true'],
    [
      'GET /containers/json?filters={%22label%22:{%22a=b%22:true}}',
      '→ /containers/json?filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D',
    ],
    ['GET /containers/a/stats', 'query-missing GET /containers/{id}/stats'],
    ['GET /containers/a/stats?stream=true', 'query GET /containers/{id}/stats'],
    ['GET /containers/json?size=1', 'query GET /containers/json'],
    ['GET /containers/a%20b/json', 'not-listed /containers'],
    ['GET /containers/a/top', 'not-listed /containers'],
    ['GET /exec/a/json', 'not-listed /exec'],
    ['GET /nonsense', 'not-listed none'],
    ['GET /', 'not-listed none'],
    ['PUT /info', 'method none'],
    ['GET http://d/info', 'target-form none'],
  ])('the read socket: %s %s', (line, result) => expect(ask('read', line)).toBe(result));

  test.each([
    ['GET /images/registry:5000/team/shop:1.2/json', '→ /images/registry%3A5000/team/shop%3A1.2/json'],
    ['GET /images/json', '→ /images/json'],
    ['GET /images/..%2f..%2fetc/json', 'target-encoding none'],
    ['GET /images/UPPER/json', 'not-listed /images'],
    ['DELETE /networks/env-one', '→ /networks/env-one'],
    ['DELETE /networks/bridge', 'not-listed /networks'],
    ['DELETE /volumes/vol-a', '→ /volumes/vol-a'],
    ['DELETE /volumes/other', 'not-listed /volumes'],
    ['DELETE /secrets/db-1', '→ /secrets/db-1'],
    ['DELETE /secrets/y0u6cfcgfu5g6bcufo5yin2zi', 'not-listed /secrets'],
    [
      'POST /images/create?fromImage=registry:5000/shop&tag=1',
      '→ /images/create?fromImage=registry%3A5000%2Fshop&tag=1',
    ],
    ['POST /images/create?fromSrc=-', 'query POST /images/create'],
    ['POST /images/create', 'query-missing POST /images/create'],
    ['POST /containers/odyssey-ingress/stop?t=600', 'query POST /containers/{container}/stop'],
    ['POST /containers/odyssey-ingress/stop', '→ /containers/odyssey-ingress/stop'],
    [`POST /containers/${id}/restart`, `→ /containers/${id}/restart`],
    ['GET /swarm', '→ /swarm'],
    ['GET /swarm/tokens', '→ /swarm'],
    ['GET /swarm/tokens?role=worker', 'query GET /swarm/tokens'],
    ['GET /system/df?type=volume', '→ /system/df?type=volume'],
    ['GET /system/df?type=image', 'query GET /system/df'],
    ['GET /system/df', 'query-missing GET /system/df'],
    [
      'GET /services/shop-r12/logs?stdout=1&timestamps=1&details=1&tail=9',
      '→ /services/shop-r12/logs?stdout=true&timestamps=true&details=true&tail=9',
    ],
    ['GET /services/shop-r12/logs?stdout=1&timestamps=1&tail=9', 'query-missing GET /services/{service}/logs'],
    ['GET /services/shop-r12/logs?timestamps=1&details=0&tail=9', 'query GET /services/{service}/logs'],
    ['GET /services/foreign/logs?timestamps=1&details=1&tail=9', 'not-listed /services'],
    [
      `GET /containers/${id}/logs?stdout=1&timestamps=1&tail=9`,
      `→ /containers/${id}/logs?stdout=true&timestamps=true&tail=9`,
    ],
    [`GET /containers/${id}/logs?stdout=1&timestamps=1&tail=9&details=1`, 'query GET /containers/{container}/logs'],
    [`GET /containers/${id}/logs?stdout=1&timestamps=1`, 'query-missing GET /containers/{container}/logs'],
    ['GET /containers/victim/logs?timestamps=1&tail=9', 'not-listed /containers'],
    [`POST /containers/${id.slice(0, 12)}/restart`, 'not-listed /containers'],
    ['POST /containers/web/start', 'not-listed /containers'],
    ['POST /containers/odyssey-broker-1/stop', 'not-listed /containers'],
    [`POST /containers/${openPolicy.brokerId}/stop`, 'not-listed /containers'],
    ['DELETE /containers/odyssey-brokers', '→ /containers/odyssey-brokers'],
    [`DELETE /containers/${id}`, 'not-listed /containers'],
    ['DELETE /services/shop-r12', '→ /services/shop-r12'],
    ['DELETE /services/y0u6cfcgfu5g6bcufo5yin2zi', 'not-listed /services'],
    ['GET /services/y0u6cfcgfu5g6bcufo5yin2zi', '→ /services/y0u6cfcgfu5g6bcufo5yin2zi'],
    [`DELETE /images/sha256:${id}`, `→ /images/sha256%3A${id}`],
    ['DELETE /images/shop:1', 'not-listed /images'],
    ['DELETE /networks/odyssey_default', 'not-listed /networks'],
    ['POST /containers/create', 'query-missing POST /containers/create'],
    ['POST /volumes/create', 'body-missing POST /volumes/create'],
  ])('the write socket: %s %s', (line, result) => expect(ask('write', line)).toBe(result));

  test('a body where none belongs, one too long, and an older protocol are refused', () => {
    expect(ask('write', 'POST /containers/odyssey-ingress/start', json(2))).toBe(
      'no-body-here POST /containers/{container}/start',
    );
    expect(ask('read', 'GET /info', json(2))).toBe('no-body-here GET /info');
    expect(ask('write', 'POST /volumes/create', json(999_999))).toBe('body-length POST /volumes/create');
    expect(ask('read', 'GET /info', [], '1.0')).toBe('http-version none');
  });
});

describe('credentials for a registry', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = (auth: string, target = '/images/create?fromImage=shop') =>
    judge.write({ httpVersion: '1.1', method: 'POST', target, rawHeaders: ['X-Registry-Auth', auth] });

  test('are read and written anew', () => {
    const auth = { username: 'a', password: 'b', serveraddress: 'registry:5000' };
    const judged = head(encode(auth));
    const header = judged.kind === 'accepted' ? judged.headers['X-Registry-Auth']! : '';
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual(auth);
  });

  test.each([
    ['not base64', '***'],
    ['not JSON', Buffer.from('{').toString('base64url')],
    ['a key twice', Buffer.from('{"identitytoken":"a","identitytoken":"b","serveraddress":"r"}').toString('base64url')],
    ['a field unknown', encode({ username: 'a', password: 'b', serveraddress: 'r', evil: 1 })],
    ['too long', 'a'.repeat(20_000)],
  ])('%s: refused', (_name, auth) => expect(head(auth)).toMatchObject({ kind: 'refused', reason: 'registry-auth' }));

  test('do not belong to a call that asks no registry', () => {
    expect(head(encode({ identitytoken: 'a', serveraddress: 'r' }), '/containers/odyssey-ingress/start')).toMatchObject(
      {
        reason: 'registry-auth',
      },
    );
  });
});

describe('the body', () => {
  test.each(goodBodies)('$name is sent on as it was read', ({ call, body }) => {
    const row = table.find((one) => one.call === call)!;
    const judged = judgeBody(row, Buffer.from(JSON.stringify(body, undefined, 2)));
    expect(judged.kind === 'body' && JSON.parse(judged.text)).toEqual(body);
  });

  test('a refusal names the field and no value', () => {
    const row = table.find(({ call }) => call === 'POST /volumes/create')!;
    const judged = judgeBody(row, Buffer.from('{"Name":"vol-a","DriverOpts":{"device":"hunter2"}}'));
    expect(judged).toMatchObject({ kind: 'refused', reason: 'body', route: 'POST /volumes/create' });
    expect(judged.kind === 'refused' && judged.detail).toContain('DriverOpts');
    expect(JSON.stringify(judged)).not.toContain('hunter2');
  });
});
