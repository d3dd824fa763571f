// The broker finds the id of its own container where engines leave it, and none where there is none.
import { expect, test } from 'vitest';
import { ownContainerId } from '../../../web/broker/own-container.ts';

const id = '0123456789abcdef'.repeat(4);
const mount = (source: string, target: string) => `641 560 8:1 ${source} ${target} rw,relatime - ext4 /dev/sda1 rw`;
const root = '560 433 0:52 / / ro,relatime - overlay overlay rw';

test.each<[string, readonly string[], string | undefined]>([
  ['Docker', [root, mount(`/var/lib/docker/containers/${id}/hostname`, '/etc/hostname')], id],
  ['Docker on a disk of its own', [root, mount(`/containers/${id}/hostname`, '/etc/hostname')], id],
  ['Podman', [root, mount(`/overlay-containers/${id}/userdata/hostname`, '/etc/hostname')], id],
  ['no container', ['22 1 8:1 / / rw - ext4 /dev/sda1 rw', ''], undefined],
  ['another container’s file', [root, mount(`/var/lib/docker/containers/${id}/hostname`, '/mnt/hostname')], undefined],
  ['a hostname from elsewhere', [root, mount('/srv/hostname', '/etc/hostname')], undefined],
  ['nothing', [], undefined],
])('%s', (_name, lines, found) => expect(ownContainerId(lines.join('\n'))).toBe(found));
