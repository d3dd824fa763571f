// Programs that start another program named in their arguments, and where in the arguments that program begins.

/** How the arguments of a runner are read up to the program it starts. */
export interface Runner {
  /** Options that take the next word as their value. */
  valued?: readonly string[];
  /** Words of its own between its options and the program: the seconds of timeout, the folder of chroot. */
  leading?: number;
  /** An option whose value is a script for the shell. */
  script?: readonly string[];
}

const plain: Runner = {};

/** Known by their manuals; options that take no value need no entry. */
export const runners: Readonly<Record<string, Runner>> = {
  sudo: {
    valued: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-T', '-U', '-D', '-R', '--user', '--group', '--chdir'],
  },
  doas: { valued: ['-u', '-C'] },
  pkexec: { valued: ['--user'] },
  run0: { valued: ['-u', '--user'] },
  runuser: { valued: ['-u', '-g', '-G', '-s', '--shell'], leading: 99, script: ['-c', '--command'] },
  su: { valued: ['-s', '--shell', '-g', '-G'], leading: 99, script: ['-c', '--command'] },
  env: { valued: ['-u', '-C', '--unset', '--chdir'] },
  nohup: plain,
  setsid: plain,
  exec: { valued: ['-a'] },
  command: plain,
  builtin: plain,
  nice: { valued: ['-n'] },
  ionice: { valued: ['-c', '-n', '-p'] },
  chrt: { leading: 1 },
  taskset: { leading: 1 },
  choom: { valued: ['-n'] },
  timeout: { valued: ['-s', '-k', '--signal', '--kill-after'], leading: 1 },
  stdbuf: { valued: ['-i', '-o', '-e'] },
  unbuffer: plain,
  rlwrap: plain,
  time: { valued: ['-f', '-o'] },
  strace: { valued: ['-o', '-e', '-p', '-s', '-u'] },
  ltrace: { valued: ['-o', '-e', '-p', '-s', '-u'] },
  busybox: plain,
  toybox: plain,
  xargs: { valued: ['-I', '-n', '-P', '-d', '-L', '-s', '-E', '-a', '-i'] },
  parallel: { valued: ['-j', '-I', '-a'] },
  watch: { valued: ['-n', '--interval'] },
  flock: { valued: ['-w', '-E'], leading: 1, script: ['-c', '--command'] },
  unshare: { valued: ['-S', '-G', '-R', '-w'] },
  nsenter: { valued: ['-t', '--target', '-S', '-G'] },
  chroot: { leading: 1 },
  setarch: { leading: 1 },
  script: { script: ['-c', '--command'], leading: 99 },
  screen: { valued: ['-S', '-c', '-t', '-h', '-T', '-r', '-X'] },
  'systemd-run': { valued: ['-u', '--unit', '-p', '--property', '-M', '--uid', '--on-calendar', '--on-active', '-t'] },
  'systemd-inhibit': plain,
  'dbus-run-session': plain,
  cgexec: { valued: ['-g'] },
  proxychains: { valued: ['-f'] },
  proxychains4: { valued: ['-f'] },
  torsocks: plain,
  torify: plain,
  sshpass: { valued: ['-p', '-f', '-P', '-d'] },
  caffeinate: plain,
  eatmydata: plain,
  fakeroot: plain,
  gosu: { leading: 1 },
  'su-exec': { leading: 1 },
  tini: plain,
  'dumb-init': plain,
};

/** Runners that give other rights than the caller's. */
export const elevating: ReadonlySet<string> = new Set(['sudo', 'doas', 'pkexec', 'run0', 'su', 'runuser']);

/** Shells that take a script after -c. */
export const shells: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'ksh93',
  'mksh',
  'pdksh',
  'ash',
  'csh',
  'tcsh',
  'fish',
  'rbash',
  'yash',
  'posh',
  'elvish',
  'busybox-sh',
]);
