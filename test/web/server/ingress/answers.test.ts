// What HAProxy answers, as 3.0 gave it: figures, itself, reloads; a broken answer is an error and never zero.
import { describe, expect, test } from 'vitest';
import {
  backendsOf,
  logSessionsOf,
  parseInfo,
  parseReload,
  parseStat,
  requestsOf,
} from '../../../../web/server/ingress/answers.ts';

const head = '# pxname,svname,qcur,scur,stot,req_tot,econ,eresp,wretr,wredis,status,check_status,last_chk,addr,';
const backend = 'be_shop_r1,BACKEND,1,3,100,98,4,5,6,7,UP,,,,';
const stat = (...rows: string[]) => `${[head, 'apps,FRONTEND,,0,9,9,,,,,OPEN,,,,', ...rows].join('\n')}\n\n`;
const server = (name: string, status: string, address: string, check = '', said = '') =>
  `be_shop_r1,${name},0,0,0,,0,0,0,0,${status},${check},${said},${address},`;

describe('figures', () => {
  test('requests are those of the frontend of people; without it nothing is known', () => {
    expect(requestsOf(parseStat(stat(backend)))).toBe(9);
    expect(() => requestsOf(parseStat(`${head}\n${backend}\n`))).toThrow(/no frontend/);
  });

  test('servers are up, down with a reason, or not there yet', () => {
    const rows = [
      server('s1', 'UP', '10.0.0.2:8080', 'L7OK'),
      server('s2', 'UP 1/2', '10.0.0.3:8080'),
      server('s3', 'DOWN', '10.0.0.4:8080', 'L4CON', '"refused, at once"'),
      server('s4', 'MAINT (resolution)', ''),
      server('s5', 'no check', '10.0.0.5:8080'),
    ];
    expect(backendsOf(parseStat(stat(...rows, backend)))).toEqual([
      {
        ...{ deployment: 'shop', revision: 'r1', serversUp: 3, sessions: 3, queued: 1, sessionsTotal: 100 },
        ...{ requestsTotal: 98, connectErrorsTotal: 4, responseErrorsTotal: 5, retriesTotal: 6, redispatchesTotal: 7 },
        down: [{ server: 's3', address: '10.0.0.4:8080', reason: 'DOWN L4CON refused, at once' }],
      },
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no table', 'Permission denied\n'],
    ['a row that is cut off', stat('be_shop_r1,BACK')],
    ['a count that is none', stat(backend.replace(',100,', ',,'))],
  ])('%s throws', (_, text) => {
    expect(() => backendsOf(parseStat(text))).toThrow();
  });
});

test('what it says of itself', () => {
  const info = parseInfo('Name: HAProxy\nVersion: 3.0.11-1+deb13u3\nUptime: 0d 0h00m03s\ndescription: abc\n\n');
  expect(info.get('Version')).toBe('3.0.11-1+deb13u3');
  expect(info.get('Uptime')).toBe('0d 0h00m03s');
  expect(info.get('description')).toBe('abc');
});

test.each([
  { given: 'success', text: 'Success=1\n--\n[NOTICE] (1) : Loading success.\n', says: { kind: 'loaded' } },
  {
    given: 'a refusal',
    text: "Success=0\n--\n[NOTICE] (1) : version\n[ALERT]    (4194) : config : unknown keyword 'x'\n",
    says: { kind: 'refused', reason: "[ALERT] (4194) : config : unknown keyword 'x'" },
  },
  {
    given: 'a refusal without words',
    text: 'Success=0\n',
    says: { kind: 'refused', reason: 'HAProxy gave no reason' },
  },
  { given: 'nothing, as before 2.7', text: '\n', says: { kind: 'unknown' } },
])('a reload ends with $given', ({ text, says }) => {
  expect(parseReload(text)).toEqual(says);
});

test('sessions of the request log are told from all others', () => {
  const session = (id: string, frontend: string) =>
    `${id}: [21/Nov/2026:14:30:31.723760] id=0 proto=?\n  flags=0x42, conn_retries=0\n  frontend=${frontend} (id=7 mode=tcp)\n  backend=x\n`;
  const text = session('0x7f9960255c00', 'requests') + session('0x1', 'apps') + session('0x2', 'requests-like');
  expect(logSessionsOf(text)).toEqual(['0x7f9960255c00']);
  expect(logSessionsOf('')).toEqual([]);
});
