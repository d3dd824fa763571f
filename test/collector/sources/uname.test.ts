// The series that dashboards find a machine by.
import { expect, test } from 'vitest';
import { uname } from '../../../collector/sources/uname.ts';
import { read } from '../read.ts';

test('all six labels', async () => {
  const at = (name: string) => `/proc/sys/kernel/${name}`;
  const files = {
    [at('domainname')]: '(none)\n',
    [at('hostname')]: 'web-1\n',
    [at('osrelease')]: '6.1.0\n',
    [at('ostype')]: 'Linux\n',
    [at('version')]: '#1 SMP\n',
  };
  expect(await read(uname, files)).toEqual([
    'node_uname_info{domainname="(none)",machine="x86_64",nodename="web-1",release="6.1.0",sysname="Linux",version="#1 SMP"} 1',
  ]);
});
