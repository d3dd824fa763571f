// What a process is, apart from what it says: its file, its descriptors, its rights, its parent. Structure beats text,
// since an attacker writes the command line but not /proc. Class: Falco "Redirect STDOUT/STDIN to Network Connection",
// "Drop and execute new binary", Sigma "Shell spawned by web server". A fact that is absent counts neither way.
import type { ProcessFacts } from '../../../../core/contracts/processes.ts';
import { plainName } from '../shell/command.ts';
import { worldWritable } from '../shell/places.ts';
import { shells } from '../shell/runners.ts';
import { type Evidence, weights } from './evidence.ts';

interface StructureRule extends Omit<Evidence, 'weight'> {
  weight: keyof typeof weights;
  when: (facts: ProcessFacts, parent: ProcessFacts | undefined) => boolean;
}

const interpreters = new Set([
  'python',
  'perl',
  'ruby',
  'php',
  'lua',
  'node',
  'awk',
  'tclsh',
  'socat',
  'nc',
  'java',
  'busybox',
]);
const nameOf = ({ exe, comm, argv }: ProcessFacts): string => plainName(exe ?? comm ?? argv[0] ?? '');
const isShell = (facts: ProcessFacts): boolean => shells.has(nameOf(facts)) || shells.has(plainName(facts.comm ?? ''));

/** Names that the kernel gives its own threads. */
const kernelNames =
  /^\[?(?:kworker|ksoftirqd|migration|rcu_|kthreadd|kswapd|kdevtmpfs|watchdog|khugepaged|kcompactd|jbd2|irq\/|scsi_|kauditd|kblockd|ksmd|cpuhp)/;

/** Programs that a set-uid bit makes root by design. */
const setUidByDesign =
  /^(?:sudo|su|pkexec|doas|passwd|chsh|chfn|gpasswd|newgrp|mount|umount|ping\d?|newuidmap|newgidmap|fusermount3?|unix_chkpwd|dbus-daemon-launch-helper|polkit-agent-helper-1|ssh-keysign|crontab|at|xorg|snap-confine|bwrap|chrome-sandbox|pppd|ntfs-3g|exim4|sendmail|postdrop|postqueue|traceroute\d?|mtr-packet|utempter|pam_timestamp_check|run0|cockpit-session|kismet_cap\w*|dumpcap|staprun|sudoedit|ksu|expiry|chage|vmware-user-suid-wrapper|systemd)$/;

const neverStartShells =
  /^(?:nginx|apache2?|httpd|lighttpd|caddy|openresty|mysqld|mariadbd|mongod|redis-server|valkey-server|memcached|haproxy|envoy|tomcat\d*|elasticsearch|opensearch|influxd|clickhouse-server)$/;
const seldomStartShells =
  /^(?:php-fpm[\d.]*|php-cgi[\d.]*|postgres|postmaster|uwsgi|gunicorn|unicorn|puma|java|beam\.smp)$/;

const stratumPorts = new Set([
  3333, 3334, 3357, 4444, 5555, 6666, 7777, 9999, 10032, 10034, 10128, 10300, 13333, 14433, 14444, 17777, 20535, 45560,
  45700,
]);
const busyCores = 0.8;
const harmlessPreloads =
  /jemalloc|tcmalloc|mimalloc|eatmydata|fakeroot|libasan|libtsan|stdbuf|nss_wrapper|libgtk3-nocsd|nvidia|cuda|vglfaker|proxychains|torsocks|libsegfault|snapcraft/i;
const fromMemory = /^(?:\/?memfd:|\/proc\/(?:self|\d+)\/fd\/)/;

function isBusy({ cpuCores, gpuRatio }: ProcessFacts): boolean {
  return (cpuCores ?? 0) >= busyCores || (gpuRatio ?? 0) >= busyCores;
}

const isInteractive = ({ argv }: ProcessFacts): boolean =>
  !argv.some((arg, at) => at > 0 && (/^-[a-z]*c$/.test(arg) || !arg.startsWith('-')));
const mountsHost = ({ container }: ProcessFacts): boolean =>
  container?.hostMounts?.some((path) =>
    /^\/(?:etc|root|boot|proc|sys|dev|var\/run\/docker\.sock|run\/docker\.sock|run\/containerd\/containerd\.sock)?\/?$/.test(
      path,
    ),
  ) ?? false;

const rules: readonly StructureRule[] = [
  {
    id: 'shell-on-socket',
    category: 'reverse_shells',
    technique: 'T1059.004',
    weight: 'decisive',
    reason: 'Input, output and error of a shell or interpreter are one socket.',
    when: (facts) => facts.stdioIsOneSocket === true && (isShell(facts) || interpreters.has(nameOf(facts))),
  },
  {
    id: 'program-on-socket',
    category: 'reverse_shells',
    technique: 'T1059',
    weight: 'moderate',
    reason: 'Input, output and error of a program are one socket with another machine.',
    when: (facts) =>
      facts.stdioIsOneSocket === true && facts.stdioPeer !== undefined && !/^(?:127\.|\[?::1)/.test(facts.stdioPeer),
  },
  {
    id: 'program-from-memory-only',
    category: 'system_modification',
    technique: 'T1620',
    weight: 'strong',
    reason: 'The program has no file: it was started from memory.',
    when: ({ exe, comm }) =>
      exe !== undefined &&
      fromMemory.test(exe) &&
      !/^(?:runc|crun|podman|conmon|snap)/.test(comm ?? '') &&
      !/runc_cloned|crun|pulseaudio|wayland/.test(exe),
  },
  {
    id: 'deleted-program-from-writable-folder',
    category: 'system_modification',
    technique: 'T1070.004',
    weight: 'strong',
    reason: 'The program was started from a folder that anybody may write, and its file removed.',
    when: ({ exe, exeDeleted }) => exeDeleted === true && exe !== undefined && worldWritable.test(exe),
  },
  {
    id: 'deleted-program',
    category: 'system_modification',
    technique: 'T1070.004',
    weight: 'weak',
    reason: 'The file of the program was removed, as an update or an intruder does.',
    when: ({ exeDeleted }) => exeDeleted === true,
  },
  {
    id: 'program-in-shared-memory',
    category: 'system_modification',
    technique: 'T1564',
    weight: 'strong',
    reason: 'The program lies in shared memory.',
    when: ({ exe }) => exe?.startsWith('/dev/shm/') === true || exe?.startsWith('/dev/mqueue/') === true,
  },
  {
    id: 'program-in-writable-folder',
    category: 'system_modification',
    technique: 'T1564',
    weight: 'moderate',
    reason: 'The program lies in a folder that anybody may write.',
    when: ({ exe }) => exe !== undefined && worldWritable.test(exe),
  },
  {
    id: 'hidden-program',
    category: 'system_modification',
    technique: 'T1564.001',
    weight: 'moderate',
    reason: 'The program lies in a hidden folder of a place for temporary files.',
    when: ({ exe }) => exe !== undefined && worldWritable.test(exe) && /\/\.[^/.]/.test(exe),
  },
  {
    id: 'kernel-thread-impostor',
    category: 'system_modification',
    technique: 'T1036.004',
    weight: 'decisive',
    reason: 'The process bears the name of a kernel thread and has a program file.',
    when: ({ exe, comm, argv, kernelThread }) =>
      exe !== undefined &&
      kernelThread !== true &&
      (/^\[.+\]$/.test(argv[0] ?? '') || kernelNames.test(comm ?? '') || kernelNames.test(argv[0] ?? '')),
  },
  {
    id: 'name-unlike-program',
    category: 'system_modification',
    technique: 'T1036.005',
    weight: 'moderate',
    reason: 'The process calls itself a system service, and its program lies elsewhere.',
    when: ({ exe, argv, comm }) =>
      exe !== undefined &&
      worldWritable.test(exe) &&
      [argv[0] ?? '', comm ?? ''].some(
        (name) =>
          name !== '' &&
          !exe.endsWith(plainName(name)) &&
          /^(?:\/usr\/s?bin\/)?(?:sshd|systemd\S*|dbus\S*|cron|crond|apache2|nginx|httpd|syslogd|rsyslogd|init|bash|java)$/.test(
            name,
          ),
      ),
  },
  {
    id: 'shell-became-root',
    category: 'privilege_escalation',
    technique: 'T1548.001',
    weight: 'decisive',
    reason: 'A shell or interpreter has the rights of root and belongs to another user.',
    when: (facts) =>
      facts.euid === 0 &&
      facts.uid !== undefined &&
      facts.uid !== 0 &&
      (isShell(facts) || interpreters.has(nameOf(facts))),
  },
  {
    id: 'became-root-without-sudo',
    category: 'privilege_escalation',
    technique: 'T1548.001',
    weight: 'strong',
    reason: 'A process has the rights of root, its parent has not, and no tool made for that stands between.',
    when: (facts, parent) =>
      facts.euid === 0 &&
      parent?.euid !== undefined &&
      parent.euid !== 0 &&
      facts.exe !== undefined &&
      !setUidByDesign.test(nameOf(facts)) &&
      !setUidByDesign.test(nameOf(parent)) &&
      sameContainer(facts, parent),
  },
  {
    id: 'shell-under-server',
    category: 'reverse_shells',
    technique: 'T1505.003',
    weight: 'strong',
    reason: 'A web server or database started a shell, which it never does by itself.',
    when: (facts, parent) => parent !== undefined && isShell(facts) && neverStartShells.test(nameOf(parent)),
  },
  {
    id: 'interactive-shell-under-server',
    category: 'reverse_shells',
    technique: 'T1505.003',
    weight: 'strong',
    reason: 'A server started a shell without a script, which waits for input.',
    when: (facts, parent) =>
      parent !== undefined &&
      isShell(facts) &&
      isInteractive(facts) &&
      (neverStartShells.test(nameOf(parent)) || seldomStartShells.test(nameOf(parent))),
  },
  {
    id: 'script-shell-under-server',
    category: 'reverse_shells',
    technique: 'T1505.003',
    weight: 'weak',
    reason: 'An application server or database started a shell for a script.',
    when: (facts, parent) => parent !== undefined && isShell(facts) && seldomStartShells.test(nameOf(parent)),
  },
  {
    id: 'busy-on-pool-port',
    category: 'crypto_miners',
    technique: 'T1496.001',
    weight: 'strong',
    reason: 'A busy program is connected to a port that mining pools use.',
    when: (facts) => isBusy(facts) && (facts.remotePorts?.some((port) => stratumPorts.has(port)) ?? false),
  },
  {
    id: 'busy-from-writable-folder',
    category: 'crypto_miners',
    technique: 'T1496.001',
    weight: 'moderate',
    reason: 'A busy program lies in a folder that anybody may write, or its file was removed.',
    when: (facts) =>
      isBusy(facts) && ((facts.exe !== undefined && worldWritable.test(facts.exe)) || facts.exeDeleted === true),
  },
  {
    id: 'foreign-library-loaded',
    category: 'privilege_escalation',
    technique: 'T1574.006',
    weight: 'strong',
    reason: 'A library from a temporary or hidden place is loaded into the process.',
    when: ({ ldPreload }) =>
      ldPreload !== undefined &&
      (/(?:^|[:\s])\/(?:tmp|var\/tmp|dev\/shm)\//.test(ldPreload) || /\/\.[^/.]/.test(ldPreload)) &&
      !harmlessPreloads.test(ldPreload),
  },
  {
    id: 'library-loaded',
    category: 'privilege_escalation',
    technique: 'T1574.006',
    weight: 'weak',
    reason: 'A library is loaded into the process by its environment.',
    when: ({ ldPreload }) => ldPreload !== undefined && ldPreload !== '' && !harmlessPreloads.test(ldPreload),
  },
  {
    id: 'program-outside-image',
    category: 'system_modification',
    technique: 'T1105',
    weight: 'moderate',
    reason: 'The program is not part of the image of its container: it was brought in later.',
    when: ({ exeOutsideImage, container }) => exeOutsideImage === true && container !== null && container !== undefined,
  },
  {
    id: 'shell-with-host-mounts',
    category: 'privilege_escalation',
    technique: 'T1611',
    weight: 'moderate',
    reason: 'An interactive shell runs in a container that holds the file system or the engine of the host.',
    when: (facts) => isShell(facts) && isInteractive(facts) && mountsHost(facts),
  },
  {
    id: 'shell-in-privileged-container',
    category: 'privilege_escalation',
    technique: 'T1611',
    weight: 'moderate',
    reason: 'An interactive shell runs in a privileged container.',
    when: (facts) => isShell(facts) && isInteractive(facts) && facts.container?.privileged === true,
  },
];

/** Evidence from facts that the process does not write itself. */
export function examineStructure(facts: ProcessFacts, parent?: ProcessFacts): Evidence[] {
  return rules
    .filter((rule) => rule.when(facts, parent))
    .map(({ id, category, technique, weight, reason }) => ({
      id,
      category,
      technique,
      reason,
      weight: weights[weight],
    }));
}

/** User ids only compare within one container: 0 inside may be another user outside. Unknown is not the same. */
function sameContainer(facts: ProcessFacts, parent: ProcessFacts): boolean {
  if (facts.container === undefined || parent.container === undefined) return false;
  return facts.container?.name === parent.container?.name;
}
