// Units and sockets as systemctl prints them; absent where systemd does not run or cannot be asked.
import { expect, test } from 'vitest';
import { countUnits, socketSamples, systemd } from '../../../collector/sources/systemd.ts';
import { fileError } from '../../fakes/machine.ts';
import { read } from '../read.ts';

const units = `  dev-vda.device       loaded    active   plugged /dev/vda
  ssh.service          loaded    active   running OpenBSD Secure Shell server
● nginx.service        loaded    failed   failed  A web server
  nfs.service          not-found inactive dead    nfs.service
`;
const sockets =
  'Id=ssh.socket\nNAccepted=3\nNConnections=1\nNRefused=0\n\nId=old.socket\nNAccepted=2\nNConnections=0\n';
const files = { '/proc/1/comm': 'systemd\n' };

test('units by state, also the states that none is in', () => {
  expect(countUnits(units).map(({ labels, value }) => [labels['state'], value])).toEqual([
    ['active', 2],
    ['activating', 0],
    ['deactivating', 0],
    ['inactive', 1],
    ['failed', 1],
  ]);
});

test('sockets; an old systemd does not count refusals', () => {
  expect(
    socketSamples(sockets).map(({ name, labels, value }) => `${name.slice(20)} ${labels['name']} ${value}`),
  ).toEqual([
    'current_connections ssh.socket 1',
    'accepted_connections_total ssh.socket 3',
    'refused_connections_total ssh.socket 0',
    'current_connections old.socket 0',
    'accepted_connections_total old.socket 2',
  ]);
});

test.each([
  { given: 'something else starts the machine', files: { '/proc/1/comm': 'init\n' }, commands: {}, gives: 0 },
  { given: 'there is no systemctl, as in a container', files, commands: { systemctl: fileError('ENOENT') }, gives: 0 },
  {
    given: 'systemd answers',
    files,
    commands: {
      'systemctl list-units --all --plain --no-legend --no-pager': { stdout: units },
      'systemctl show --property=Id,NAccepted,NConnections,NRefused *.socket': { stdout: sockets },
    },
    gives: 10,
  },
])('$given → $gives series', async ({ files: given, commands, gives }) => {
  expect(await read(systemd, given, { commands })).toHaveLength(gives);
});

test('a systemctl that fails, fails the source', async () => {
  const commands = { systemctl: { exitCode: 1, stderr: 'Failed to connect to bus' } };
  await expect(read(systemd, files, { commands })).rejects.toThrow('Failed to connect to bus');
});
