// Programs that are told to start a shell: the way out of a restricted command and up from a set-uid or sudo rule.
// Class: GTFOBins "shell", "sudo" and "suid" functions; T1548.001, T1548.003.
import type { Command } from './shell/command.ts';
import { isElevated } from './shell/look.ts';
import { elevating, runners, shells } from './shell/runners.ts';
import type { SpawnedShell } from './shell/spawned-shell.ts';
import { shellAsWord, shellInText } from './shell/spawned-shell.ts';
import type { Family } from './verdict/family.ts';

/** Programs for which a shell is a file to look at, a package, a setting, or a text. */
const shellIsData = new Set(
  (
    'echo printf cat ls ll stat file ldd readlink realpath rm cp mv ln link install chmod chown chgrp chattr lsattr test [ [[ ' +
    'which whereis type hash apropos whatis tldr grep egrep fgrep zgrep rg ag ack pgrep pkill killall pidof ps top ' +
    'cut sort uniq wc head tail diff cmp md5sum sha1sum sha256sum b2sum cksum strings hexdump xxd od objdump readelf nm size ' +
    'strip patchelf apt apt-get aptitude apt-cache apt-file dpkg dpkg-query dpkg-divert dpkg-reconfigure yum dnf rpm zypper ' +
    'pacman yay paru apk brew port emerge equery snap pkg update-alternatives alternatives useradd usermod adduser chsh passwd ' +
    'pw dscl getent export set declare local alias case for complete compgen locate which tar du df touch mkdir basename dirname ' +
    'fuser lsof debsums restorecon semanage setcap getcap aa-status docker-compose add-shell remove-shell valid-shell systemctl'
  ).split(' '),
);

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
const calls = /\b(?:system|exec\w*|popen|spawn\w*)\b|\||`|(?:^|[\d;{}\s/])e\s/;

/** What started a shell, for a program that is not itself one; undefined for ordinary use. */
function escape(command: Command): SpawnedShell | undefined {
  const { name } = command;
  if (name === '' || shells.has(name) || elevating.has(name) || shellIsData.has(name) || opensShells.has(name)) {
    return undefined;
  }
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
  return /^(?:env|sudo|doas|export)$/.test(name) ? args.filter((arg) => /^[A-Za-z_]\w*=/.test(arg)) : [];
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
      when: (command) => (escape(command) ?? escapeByVariable(command)) === 'privileged',
    },
    {
      id: 'shell-rewires-descriptors',
      technique: 'T1548.001',
      weight: 'decisive',
      reason: 'A program starts a shell whose input and output are joined to its own descriptors.',
      when: (command) => (escape(command) ?? escapeByVariable(command)) === 'wired',
    },
    {
      id: 'shell-from-elevated-program',
      technique: 'T1548.003',
      weight: 'decisive',
      reason: 'A program that was started with sudo is told to start a shell.',
      when: (command) => isElevated(command) && !usual.has(command.name) && escape(command) === 'bare',
    },
    {
      id: 'shell-from-program',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A program that is no shell is told to start an interactive one.',
      when: (command) => (escape(command) ?? escapeByVariable(command)) !== undefined,
    },
  ],
};
