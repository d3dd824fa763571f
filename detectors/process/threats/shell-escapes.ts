// Programs that are told to start a shell: the way out of a restricted command and up from a set-uid or sudo rule.
// Class: GTFOBins "shell", "sudo" and "suid" functions; T1548.001, T1548.003.
import type { Command } from './shell/command.ts';
import { undoEscapes } from './shell/escapes.ts';
import type { Line } from './shell/line.ts';
import { isElevated, writtenText } from './shell/look.ts';
import { elevating, runners, shells } from './shell/runners.ts';
import type { SpawnedShell } from './shell/spawned-shell.ts';
import { shellAsWord, shellInText } from './shell/spawned-shell.ts';
import type { Family } from './verdict/family.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

/** Programs that only read, print or name what they are given. */
const texts = words(
  `echo printf cat ls ll stat file ldd readlink realpath rm cp mv ln link chmod chown chgrp chattr lsattr test [ [[ which whereis type
  hash apropos whatis tldr grep egrep fgrep zgrep rg ag ack pgrep pkill killall pidof ps cut sort uniq wc head tail diff cmp md5sum
  sha1sum sha256sum b2sum cksum strings hexdump xxd od objdump readelf nm size strip patchelf getent export set declare local alias
  case for complete compgen locate df du touch mkdir basename dirname fuser lsof setcap getcap`,
);

/** Programs to which a shell is mostly a file, a package or a setting, but which can be told to run one. */
const shellIsData = words(
  `install apt apt-get aptitude apt-cache apt-file dpkg dpkg-query dpkg-divert dpkg-reconfigure yum dnf rpm zypper pacman yay paru apk
  brew port emerge equery snap pkg update-alternatives alternatives useradd usermod adduser chsh passwd pw dscl tar debsums restorecon
  semanage aa-status docker-compose add-shell remove-shell systemctl`,
);
const runsHook =
  /(?:exec|execute|system|command|pipe|pager|pre-invoke|post-invoke|hook|program|!|-I)[\s:='"(]{0,4}(?:\S{0,2})?\/(?:usr\/)?bin\//i;

/** Programs whose ordinary work is to open a shell somewhere else; the container family judges those. */
const opensShells = new Set(
  (
    'docker podman nerdctl kubectl oc k3s ctr crictl lxc lxc-attach lxc-start lxc-execute incus machinectl systemd-nspawn distrobox ' +
    'distrobox-enter distrobox-create toolbox multipass vagrant apptainer singularity schroot arch-chroot nix-shell nix guix conda ' +
    'poetry pipenv login sshd sudoedit flatpak buildah skopeo compose screen tmux byobu zellij nspawn kind minikube'
  ).split(' '),
);

/** Runners that people use with a shell every day, so that a bare "bash" behind them says nothing. */
const homely = new Set('env setarch script time exec command nohup su runuser gosu su-exec tini dumb-init'.split(' '));

/** Text tools in whose scripts a shell's path is mostly a pattern: only a call counts. */
const textTools = new Set(['sed', 'awk', 'gawk', 'mawk', 'nawk', 'perl', 'jq', 'find']);
const calls = /\b(?:system|exec\w{0,64}|popen|spawn\w{0,64})\b|\||`|(?:^|[\d;{}\s/])e\s/;

/** What started a shell, for a program that is not itself one; undefined for ordinary use. */
function escapeOf(command: Command): SpawnedShell | undefined {
  const { name } = command;
  if (name === '' || shells.has(name) || elevating.has(name) || texts.has(name) || opensShells.has(name))
    return undefined;
  if (shellIsData.has(name)) return runsHook.test(command.joined) ? hookOf(command) : undefined;
  const isKnownRunner = runners[name] !== undefined && !homely.has(name);
  const word = shellAsWord(command, !(isKnownRunner && isElevated(command)));
  if (word !== undefined && word !== 'bare') return word;
  let inText: SpawnedShell | undefined;
  for (const arg of command.args) {
    if (arg.length < 6 || !arg.includes('sh') || (textTools.has(name) && !calls.test(arg))) continue;
    if (/^\/[\w/]+$/.test(arg)) continue;
    const kind = shellInText(arg);
    if (kind === 'wired' || kind === 'privileged') return kind;
    inText ??= kind;
  }
  return word ?? inText;
}

/** The strongest shell in the options of a tool that runs hooks; an option and its value are read together. */
function hookOf({ args, joined }: Command): SpawnedShell | undefined {
  const kinds = args.map((arg) => shellInText(arg));
  const word = /(?:-I|--pipe|--\w{0,64}command|pager)[\s=]['"]?\/(?:usr\/)?bin\/\w{0,64}sh/i.test(joined)
    ? 'bare'
    : undefined;
  return (
    kinds.find((kind) => kind === 'wired' || kind === 'privileged') ?? kinds.find((kind) => kind !== undefined) ?? word
  );
}

/** Variables that name a program to run; a shell in one of them is an escape as well. */
function escapeByVariable(command: Command): SpawnedShell | undefined {
  for (const assignment of [...command.assignments, ...assigned(command)]) {
    const [name = '', ...rest] = assignment.split('=');
    if (/SHELL|^PATH$|PROMPT/.test(name)) continue;
    const value = rest.join('=');
    const kind = shellInText(value);
    if (
      kind !== undefined &&
      (/PAGER|EDITOR|VISUAL|BROWSER|COMMAND|CMD|OPEN|SSH|PROG|EXEC|ASKPASS|DIFF|HOOK/.test(name) || kind !== 'bare')
    ) {
      return kind;
    }
  }
  return undefined;
}

/** Assignments behind env, sudo and export. */
function assigned({ name, args }: Command): readonly string[] {
  return /^(?:env|sudo|doas|export)$/.test(name) ? args.filter((arg) => /^[A-Za-z_]\w{0,64}=/.test(arg)) : [];
}

const typed = /^:?!\s?(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|a|k)?sh$/;

/** Text that starts a shell, written into a file or a pipe for another program: a plug-in, a configuration, a build file. */
function written(command: Command, { commands }: Line): SpawnedShell | undefined {
  if (!/^(?:echo|printf|cat)$/.test(command.name) || commands.length < 2) return undefined;
  const isStored = command.redirects.some(
    ({ operator, target }) => operator.startsWith('>') && !/^\/dev\/|^\d$/.test(target),
  );
  const reader = commands.find((one) => one.previous === command && !shells.has(one.name) && !texts.has(one.name));
  if (!isStored && (reader === undefined || /^(?:tee|sed|awk|tr|crontab|ssh|docker|base64)$/.test(reader.name)))
    return undefined;
  const text = undoEscapes(writtenText(command)).replace(/^\s*(?:-e\s)?#!\s?\S{1,160}(?: -\w+)?/m, '');
  const kind = shellInText(text);
  return kind === 'bare' &&
    !calls.test(text) &&
    !typed.test(command.args[0] ?? '') &&
    !/!\s?(?:exec\s)?\/bin|["']:\s?\[?["']\/(?:usr\/)?bin\/|^\s*(?:-e\s)?\/(?:usr\/)?bin\/\w{0,64}sh\s*$/.test(text)
    ? undefined
    : kind;
}

const usual = new Set(['chroot', 'unshare', 'nsenter', 'ip', 'systemd-run', 'strace', 'ssh', 'setpriv', 'capsh']);

export const shellEscapes: Family = {
  name: 'shell-escapes',
  category: 'privilege_escalation',
  rules: [
    {
      id: 'shell-keeps-privilege',
      technique: 'T1548.001',
      weight: 'decisive',
      reason: 'A program starts a shell that keeps the effective user id (-p).',
      when: (command) => (escapeOf(command) ?? escapeByVariable(command)) === 'privileged',
    },
    {
      id: 'shell-rewires-descriptors',
      technique: 'T1548.001',
      weight: 'decisive',
      reason: 'A program starts a shell whose input and output are joined to its own descriptors.',
      when: (command) => (escapeOf(command) ?? escapeByVariable(command)) === 'wired',
    },
    {
      id: 'shell-from-elevated-program',
      technique: 'T1548.003',
      weight: 'decisive',
      reason: 'A program that was started with sudo is told to start a shell.',
      when: (command) => isElevated(command) && !usual.has(command.name) && escapeOf(command) === 'bare',
    },
    {
      id: 'shell-in-written-script',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'A text that starts a shell is written for another program to run.',
      when: (command, line) => written(command, line) !== undefined,
    },
    {
      id: 'shell-in-written-script-elevated',
      technique: 'T1548.003',
      weight: 'moderate',
      reason: 'A text that starts a shell is written, and the same line goes on with sudo.',
      when: (command, line) => written(command, line) !== undefined && line.commands.some((one) => one.name === 'sudo'),
    },
    {
      id: 'shell-typed-into-program',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'The line ends with the keys by which a pager or editor opens a shell.',
      when: ({ program, name, args }) =>
        typed.test(program) ||
        typed.test(`${name} ${args[0] ?? ''}`) ||
        (/^:?!$/.test(program) && shells.has(args[0]?.split('/').at(-1) ?? '')),
    },
    {
      id: 'shell-by-pattern',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'A tool that starts every program of a folder is pointed at the shells.',
      when: ({ name, args, joined }) =>
        name === 'run-parts' && /\/bin\/?$/.test(args.at(-1) ?? '') && /sh/.test(joined),
    },
    {
      id: 'shell-under-two-elevations',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'One tool that changes the user starts another one, and that a shell.',
      when: ({ name, args, under }) =>
        shells.has(name) &&
        args.every((arg) => /^-[a-z]+$/.test(arg) && !arg.includes('c')) &&
        (under.includes('pkexec') || under.filter((one) => elevating.has(one)).length > 1) &&
        !under.includes('su'),
    },
    {
      id: 'shell-without-its-name',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A program that starts a shell when it is given no program is called that way.',
      when: ({ name, args, under }) =>
        (name === 'capsh' && args.at(-1) === '--') ||
        (name === 'chroot' && args.length === 1 && args[0] === '/') ||
        (name === 'systemd-run' && args.includes('-S') && under.includes('sudo')) ||
        (name === 'script' && args.includes('/dev/null') && !args.includes('-c') && under.includes('sudo')),
    },
    {
      id: 'program-replaced-by-shell',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'A shell is put in the place of another program.',
      when: ({ name, args }) =>
        /^(?:cp|mv|ln|mount|install)$/.test(name) &&
        shells.has(args.at(-2)?.split('/').at(-1) ?? '') &&
        (/^\/(?:usr\/(?:local\/)?)?s?bin\/\w+$/.test(args.at(-1) ?? '') ||
          (name === 'mount' && /^\//.test(args.at(-1) ?? ''))) &&
        !shells.has(args.at(-1)?.split('/').at(-1) ?? ''),
    },
    {
      id: 'helper-program-of-own',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'A tool is given a program of the caller to run as its helper.',
      when: ({ name, args, joined }) =>
        (name === 'wget' && args.some((arg) => arg.startsWith('--use-askpass='))) ||
        (name === 'tcpdump' && args.includes('-z') && (args.includes('/dev/null') || args.includes('-Z'))) ||
        (/^(?:scp|sftp)$/.test(name) && /(?:^|\s)-S\s?(?:\$|\.\/|\/tmp|\/dev\/shm)/.test(joined)) ||
        (name === 'ssh-keygen' && /-D\s?(?:\.\/|\/tmp|\/home)/.test(joined)) ||
        (name === 'openssl' && /-engine\s(?:\.\/|\/tmp|\/home)/.test(joined)) ||
        (name === 'enable' && args[0] === '-f'),
    },
    {
      id: 'shell-from-program',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A program that is no shell is told to start an interactive one.',
      when: (command) => (escapeOf(command) ?? escapeByVariable(command)) !== undefined,
    },
  ],
};
