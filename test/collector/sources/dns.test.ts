// Each name server is asked for each name; a failed query is a value, without a duration.
import { expect, test } from 'vitest';
import { createDns, nameServers } from '../../../collector/sources/dns.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const files = { '/etc/resolv.conf': '# made by hand\nsearch example.org\nnameserver 127.0.0.53\n' };
const failed = (name: string) => [`dns_resolution_success{server="127.0.0.53",name="${name}"} 0`];
const worked = (name: string) => [
  `dns_resolution_duration_seconds{server="127.0.0.53",name="${name}"} 0`,
  `dns_resolution_success{server="127.0.0.53",name="${name}"} 1`,
];

test.each([
  { given: 'an answer', name: 'db.internal', answer: true as const, gives: worked('db.internal') },
  {
    given: 'a name without an A record',
    name: 'db.internal',
    answer: fileError('ENODATA'),
    gives: worked('db.internal'),
  },
  {
    given: 'a name that does not exist',
    name: 'db.internal',
    answer: fileError('ENOTFOUND'),
    gives: failed('db.internal'),
  },
  {
    given: 'a server that knows no localhost',
    name: 'localhost',
    answer: fileError('ENOTFOUND'),
    gives: worked('localhost'),
  },
  { given: 'a server that is silent', name: 'localhost', answer: fileError('ETIMEOUT'), gives: failed('localhost') },
  { given: 'a server that refuses', name: 'localhost', answer: fileError('ECONNREFUSED'), gives: failed('localhost') },
  { given: 'an address that is none', name: 'db', answer: fileError('ERR_INVALID_IP_ADDRESS'), gives: [] },
  { given: 'no memory for the query', name: 'db', answer: fileError('ENOMEM'), gives: [] },
])('$given for $name', async ({ name, answer, gives }) => {
  expect(await read(createDns([name]), files, { dns: { [`127.0.0.53 ${name}`]: answer } })).toEqual(gives);
});

test('the duration is the time that passed', async () => {
  const now = { unixSeconds: 0, monotonicSeconds: 5 };
  const dns = createDns(['a']);
  const reading = dns.read({
    readTextIfThere: () => 'nameserver ::1',
    monotonicSeconds: () => now.monotonicSeconds,
    resolve: async () => {
      now.monotonicSeconds += 0.25;
    },
  } as unknown as Parameters<typeof dns.read>[0]);
  expect(await reading).toContainEqual({
    name: 'dns_resolution_duration_seconds',
    labels: { server: '::1', name: 'a' },
    value: 0.25,
  });
});

test.each([
  { text: '', gives: [] },
  { text: 'nameserver 10.0.0.1 # first\n  nameserver\t10.0.0.2\nnameserver\n', gives: ['10.0.0.1', '10.0.0.2'] },
  { text: 'nameserver a\nnameserver a\nnameserver b\nnameserver c\nnameserver d\n', gives: ['a', 'b', 'c'] },
])('name servers of $text', ({ text, gives }) => {
  expect(nameServers(text)).toEqual(gives);
});

test('without name servers, or without names, nothing is exported', async () => {
  expect(await read(createDns(['localhost']), {})).toEqual([]);
  expect(await read(createDns([]), files)).toEqual([]);
});
