// A container that holds the host is found; ordinary containers and agents with read-only mounts are not.
import { expect, test } from 'vitest';
import { judgeLine } from '../../../../detectors/process/threats/verdict/judge.ts';

test.each([
  'docker run -it -v /:/host alpine chroot /host sh',
  'docker run --rm -v/:/h busybox cat /h/etc/hostname',
  'docker run --mount type=bind,source=/,target=/h alpine sh',
  'docker run --privileged --pid=host -it alpine nsenter -t 1 -m -u -n -i sh',
  'nsenter --target 1 --mount --uts --ipc --net --pid bash',
  'nsenter -t 1 -a sh',
  "echo '|/tmp/u' > /proc/sys/kernel/core_pattern",
  'echo /tmp/u > /sys/fs/cgroup/x/release_agent',
  'curl --unix-socket /var/run/docker.sock -X POST http://x/containers/create -d \'{"HostConfig":{"Binds":["/:/h"]}}\'',
  'kubectl run x --image=alpine --overrides=\'{"spec":{"hostPID": true}}\'',
  'lxc config device add c h disk source=/ path=/h',
])('%s', (line) => {
  expect(judgeLine(line)).toMatchObject({ threat: true });
});

test('the category is its own', () => {
  expect(judgeLine('docker run -it -v /:/host alpine chroot /host sh').category).toBe('privilege_escalation');
});

test.each([
  'docker run -d -p 80:80 nginx',
  'docker run -v $PWD:/app -it node bash',
  'docker run -d --privileged docker:dind',
  'docker run -d -v /:/rootfs:ro -v /var/run:/var/run:ro cadvisor',
  'docker run -d -v /:/host:ro,rslave prom/node-exporter',
  'docker exec -it web bash',
  'nsenter -t 4242 -n ip a',
  'kubectl exec -it x -- bash',
])('ordinary: %s', (line) => {
  expect(judgeLine(line).threat).toBe(false);
});
