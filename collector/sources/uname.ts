// What `uname -a` prints; dashboards find their machines through this series.
import { gauge, sample } from '../../core/contracts/sample.ts';
import type { Source } from '../source.ts';

export const uname: Source = {
  name: 'uname',
  metrics: [gauge('node_uname_info', 'Kernel and name of the machine; always 1.')],
  read({ readText, architecture }) {
    const kernel = (name: string) => readText(`/proc/sys/kernel/${name}`).trimEnd();
    const labels = {
      domainname: kernel('domainname'),
      machine: architecture,
      nodename: kernel('hostname'),
      release: kernel('osrelease'),
      sysname: kernel('ostype'),
      version: kernel('version'),
    };
    return [sample('node_uname_info', 1, labels)];
  },
};
