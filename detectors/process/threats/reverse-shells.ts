// A shell on one end of a connection: by the shell's own /dev/tcp, by netcat and its kin, by a pipe through a FIFO.
// Class: GTFOBins "reverse-shell" and "bind-shell", Sigma "Suspicious Reverse Shell Command Line"; T1059.004.
import type { Command } from './shell/command.ts';
import { anyArg, hasLetters, isShell, named, pipeline } from './shell/look.ts';
import type { Family } from './verdict/family.ts';

const networkTools = new Set(
  'nc ncat netcat socat socket telnet openssl gnutls-cli cryptcat pwncat sbd powercat websocat curl ssh gs-netcat nc6 ztcp'.split(
    ' ',
  ),
);
const netcats = new Set('nc ncat netcat nc6 cryptcat pwncat pwncat-cs sbd socket powercat rcat'.split(' '));
const networkFile = /\/dev\/(?:tcp|udp)\/[^\s/]+\/[^\s/]+/;
const shellName = /(?:^|[\s/'"`:=,(])(?:(?:ba|da|z|a|k|mk|c|tc)?sh|cmd(?:\.exe)?|powershell|pwsh)(?![\w./-])/;

function usesNetworkFile(command: Command): boolean {
  return command.redirects.some(({ target }) => networkFile.test(target));
}

/** exec 5<>/dev/tcp/…; cat <&5 | while read l; do $l 2>&5 >&5: a descriptor that opens a connection and is run. */
function opensNetworkDescriptor(command: Command): boolean {
  return (
    command.redirects.some(
      ({ operator, descriptor, target }) => operator === '<>' && descriptor > 2 && networkFile.test(target),
    ) ||
    (command.name === 'exec' && usesNetworkFile(command))
  );
}

/** A shell whose input or output is a connection, not a shell that merely tests a port. */
function shellOnNetworkFile(command: Command): boolean {
  if (!isShell(command) || command.args.some((arg) => /^-[a-z]*c$/.test(arg))) return false;
  return usesNetworkFile(command);
}

/** Input or output of a shell copied from a descriptor above 2, or from the network through 0>&1. */
function shellOnDescriptor(command: Command): boolean {
  if (!isShell(command)) return false;
  const copies = command.redirects.filter(({ operator }) => operator === '>&' || operator === '<&');
  return copies.filter(({ target }) => /^(?:[3-9]|[1-9]\d+|\$\w+|\$\{\w+\})$/.test(target)).length >= 2;
}

const executes = /^(?:-[a-zA-Z]{0,6}[ec]|--exec|--sh-exec|--lua-exec)(?:=|$)/;

function netcatExecutes(command: Command): boolean {
  if (!named(command, netcats)) return false;
  const { args } = command;
  return args.some(
    (arg, at) =>
      (executes.test(arg) &&
        (shellName.test(arg) || shellName.test(args[at + 1] ?? '') || /^\/|^\$/.test(args[at + 1] ?? ''))) ||
      /^-e\/?\w{0,64}\/?\w{0,64}sh$/.test(arg) ||
      /^--(?:sh-)?exec=/.test(arg) ||
      (command.name === 'socket' && shellName.test(arg)) ||
      (command.name === 'rcat' && arg === '-s' && shellName.test(args[at + 1] ?? '')),
  );
}

/** A shell fed from the network, or feeding it, through a pipe: nc … | sh | nc …, sh <fifo | openssl s_client >fifo. */
function shellBetweenPipes(command: Command): boolean {
  const chain = pipeline(command);
  const isNetwork = (one: Command): boolean => connects(one);
  for (let at = 0; at + 1 < chain.length; at += 1) {
    const [reader, writer] = [chain[at]!, chain[at + 1]!];
    if (isShell(writer) && isNetwork(reader) && !hasScript(writer)) return true;
    if (isShell(reader) && isNetwork(writer) && !hasScript(reader) && writer.name !== 'curl' && writer.name !== 'ssh')
      return true;
  }
  return false;
}

function hasScript({ args }: Command): boolean {
  return args.some((arg) => /^-[a-z]*c$/.test(arg));
}

function connects(command: Command): boolean {
  if (!networkTools.has(command.name)) return false;
  if (command.name === 'openssl') return command.args.includes('s_client') || command.args.includes('s_server');
  if (command.name === 'curl') return anyArg(command, /^(?:telnet|gopher|tcp|ws):/i);
  if (command.name === 'ssh') return false;
  return !command.args.some((arg) => /^-[a-zA-Z]*z/.test(arg));
}

function makesFifo({ name, args }: Command): boolean {
  return name === 'mkfifo' || (name === 'mknod' && args.includes('p'));
}

const socatShell = /\b(?:exec|system|shell):/i;
const socatNetwork =
  /\b(?:tcp[46]?|udp[46]?|openssl|ssl|sctp[46]?|socks[45]?a?|proxy|vsock(?:-connect)?)(?:-(?:connect|listen|l))?:/i;

export const reverseShells: Family = {
  name: 'reverse-shells',
  category: 'reverse_shells',
  rules: [
    {
      id: 'shell-on-network-file',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'A shell reads or writes a network connection as a file.',
      when: (command) => shellOnNetworkFile(command) || (shellOnDescriptor(command) && !usesNetworkFile(command)),
    },
    {
      id: 'network-descriptor-loop',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'A descriptor is opened on a network connection and what comes in is run.',
      when: (command, { commands }) =>
        opensNetworkDescriptor(command) &&
        commands.some(
          (one) => one.name === 'eval' || /^\$\{?\w+/.test(one.program) || (isShell(one) && readsDescriptor(one)),
        ) &&
        commands.some(readsDescriptor),
    },
    {
      id: 'netcat-starts-program',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'A network tool hands its connection to a program.',
      when: netcatExecutes,
    },
    {
      id: 'socat-starts-program',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'A relay joins a network address and a shell.',
      when: (command) =>
        command.name === 'socat' &&
        socatShell.test(command.joined) &&
        (socatNetwork.test(command.joined) || shellName.test(command.joined)),
    },
    {
      id: 'shell-between-network-pipes',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'A shell is fed by a network tool, or feeds one.',
      when: shellBetweenPipes,
    },
    {
      id: 'fifo-between-shell-and-network',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'A named pipe is made, and a shell and a network tool are started on it.',
      when: (command, { commands }) => makesFifo(command) && commands.some(isShell) && commands.some(connects),
    },
    {
      id: 'listener-for-shells',
      technique: 'T1571',
      weight: 'strong',
      reason: 'A network tool listens for one connection the way attackers wait for their shells.',
      when: (command) => {
        if (!named(command, netcats) || !hasLetters(command, 'l')) return false;
        return (
          command.under.includes('rlwrap') ||
          /^(?:pwncat|pwncat-cs|rcat)$/.test(command.name) ||
          (hasLetters(command, 'vnp') && command.redirects.length === 0 && command.previous === undefined)
        );
      },
    },
    {
      id: 'interactive-shell-joined',
      technique: 'T1059.004',
      weight: 'strong',
      reason: 'An interactive shell has its input and output joined to one connection.',
      when: (command, { text }) =>
        isShell(command) &&
        command.args.includes('-i') &&
        networkFile.test(text) &&
        command.redirects.some(({ target }) => /^[01]$/.test(target)),
    },
    {
      id: 'remote-display-terminal',
      technique: 'T1059.004',
      weight: 'strong',
      reason: 'A terminal is opened on the display of another machine.',
      when: ({ name, args }) =>
        name === 'xterm' && args.some((arg, at) => arg === '-display' && /^[^:\s]+:\d/.test(args[at + 1] ?? '')),
    },
    {
      id: 'zsh-network-module',
      technique: 'T1059.004',
      weight: 'decisive',
      reason: 'The shell opens a connection with its own network module and runs on it.',
      when: (command, { commands }) =>
        command.name === 'ztcp' && commands.some((one) => isShell(one) && one.redirects.length >= 2),
    },
    {
      id: 'upgrade-to-terminal',
      technique: 'T1059',
      weight: 'strong',
      reason: 'A script gives a captured shell a terminal of its own.',
      when: ({ joined }) => joined.length < 8_192 && /\bpty\.spawn\s{0,2}\(/.test(joined) && !/socket/.test(joined),
    },
    {
      id: 'payload-framework',
      technique: 'T1587.001',
      weight: 'strong',
      reason: 'A tool that makes or serves remote-control payloads.',
      when: ({ name, joined }) =>
        /^(?:msfvenom|msfconsole|meterpreter|sliver-client|sliver-server|empire|havoc|merlinagent|pupysh|evil-winrm|villain)$/.test(
          name,
        ) || /\b(?:linux\/(?:x86|x64|armle)\/(?:shell|meterpreter)|cmd\/unix\/reverse)/.test(joined),
    },
  ],
};

function readsDescriptor(command: Command): boolean {
  return command.redirects.some(
    ({ operator, target }) => (operator === '<&' || operator === '>&') && /^(?:[3-9]|\d\d+|\$\w+)$/.test(target),
  );
}
