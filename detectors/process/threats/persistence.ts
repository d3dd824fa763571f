// Code that is started by something else than a clock: start files, event hooks, login modules, pages of a web server.
// Class: Sigma "Persistence via udev/profile", Elastic "Linux persistence" series; T1546, T1556, T1505.
import type { Command } from './shell/command.ts';
import { anyArg, writes, writtenText } from './shell/look.ts';
import { eventHooks, pam, startFiles, startsForeign } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const isCopy = /^(?:cp|mv|install|ln|link|rsync)$/;
const copiesIn = (command: Command): boolean => isCopy.test(command.name);

export const persistence: Family = {
  name: 'persistence',
  category: 'persistence_mechanisms',
  rules: [
    {
      id: 'start-file-changed',
      technique: 'T1546.004',
      weight: 'moderate',
      reason: 'A file that shells or desktops read at each start is written from a command line.',
      when: (command, { printed }) =>
        writes(command, startFiles) && isAppended(command) && !runsCode(`${writtenText(command)}\n${printed}`),
    },
    {
      id: 'start-file-runs-foreign-code',
      technique: 'T1546.004',
      weight: 'strong',
      reason: 'A start file is made to run code, not only to set variables.',
      when: (command, { printed }) =>
        writes(command, startFiles) && isAppended(command) && runsCode(`${writtenText(command)}\n${printed}`),
    },
    {
      id: 'system-start-file-changed',
      technique: 'T1546.004',
      weight: 'moderate',
      reason: 'A start file of all users is written from a command line.',
      when: (command) =>
        writes(
          command,
          /\/etc\/(?:profile|bash\.bashrc|bashrc|zshenv|update-motd\.d|xdg\/autostart)|\.config\/autostart|\.bash_logout|\.zlogout/,
        ) &&
        isAppended(command) &&
        !/export (?:PATH|\w+_HOME)/.test(writtenText(command)),
    },
    {
      id: 'event-hook-written',
      technique: 'T1546',
      weight: 'strong',
      reason: 'A hook is written that starts code when something happens: a device, a network, a package, a login.',
      when: (command, { printed }) =>
        writes(command, eventHooks) &&
        (runsCode(`${writtenText(command)}\n${printed}`) ||
          /RUN\+?=|Pre-Invoke|Post-Invoke|Update::|prerotate|postrotate|import os|import socket|install\s+\w+\s+\//.test(
            `${writtenText(command)}\n${printed}`,
          )),
    },
    {
      id: 'event-hook-placed',
      technique: 'T1546',
      weight: 'moderate',
      reason: 'A hook that the system runs on an event is put in place.',
      when: (command) =>
        writes(
          command,
          /\/(?:etc\/(?:udev\/rules\.d|acpi|NetworkManager\/dispatcher\.d|dhcp\/\w+\.d|network\/if-\w+\.d|apt\/apt\.conf\.d)|(?:usr\/)?lib\/udev\/rules\.d|run\/udev\/rules\.d|lib\/(?:systemd|NetworkManager)\/(?:system-shutdown|system-sleep|dispatcher\.d))\/|\.git\/hooks\//,
        ) &&
        copiesIn(command) &&
        !/docker|nvidia/.test(command.joined),
    },
    {
      id: 'signal-trap',
      technique: 'T1546.005',
      weight: 'strong',
      reason: 'A shell is told to run code on a signal, on exit or before each command.',
      when: ({ name, args, joined }) =>
        name === 'trap' &&
        args.length > 1 &&
        (args.some((arg) => arg === 'DEBUG') ||
          (/nohup|curl|wget|\/tmp\/|>>|\.sh\b|nc\s|bash\s|python|base64/.test(joined) && !/\brm\b|kill/.test(joined))),
    },
    {
      id: 'login-module-changed',
      technique: 'T1556.003',
      weight: 'strong',
      reason: 'The modules that check logins are changed.',
      when: (command) =>
        (writes(command, pam) &&
          (/pam_|auth\s|sufficient|account\s|session\s|\.so\b|exec/.test(
            `${command.joined}\n${writtenText(command)}`,
          ) ||
            copiesIn(command))) ||
        (/^(?:sed|perl)$/.test(command.name) &&
          anyArg(command, /\/etc\/pam\./) &&
          /auth|sufficient|pam_/.test(command.joined)),
    },
    {
      id: 'message-of-day-or-environment-hook',
      technique: 'T1037',
      weight: 'moderate',
      reason: 'A variable is set that makes each shell or interpreter run a file.',
      when: ({ name, args, assignments }) =>
        [...assignments, ...(name === 'export' || name === 'env' ? args : [])].some((one) =>
          /^(?:PROMPT_COMMAND|BASH_ENV|ENV|PYTHONSTARTUP|PERL5OPT|RUBYOPT|NODE_OPTIONS)=.{0,160}(?:\/tmp\/|\/dev\/shm|curl|wget|nc |base64|--require|\$\()/.test(
            one,
          ),
        ),
    },
    {
      id: 'web-shell-written',
      technique: 'T1505.003',
      weight: 'strong',
      reason: 'A page that runs commands is written into a web server folder.',
      when: (command) =>
        writes(command, /\.(?:php\d?|phtml|jspx?|aspx?|cgi|pl|py)$/) &&
        /(?:system|exec|passthru|shell_exec|eval|assert|popen)\s?\(\s?(?:\\?\$_(?:GET|POST|REQUEST|COOKIE)|base64_decode|request\.)|Runtime\.getRuntime/.test(
          `${command.joined}\n${writtenText(command)}`,
        ),
    },
    {
      id: 'package-with-own-hooks',
      technique: 'T1546.016',
      weight: 'moderate',
      reason: 'A package is installed from a temporary folder.',
      when: (command) =>
        /^(?:dpkg|rpm)$/.test(command.name) &&
        anyArg(command, /^-(?:i|U|ivh|Uvh)$/) &&
        anyArg(command, /^\/(?:dev\/shm|var\/tmp)\//),
    },
    {
      id: 'hidden-copy-of-program',
      technique: 'T1564.001',
      weight: 'moderate',
      reason: 'A program is copied into a hidden or temporary place, or from one into a folder of programs.',
      when: (command) =>
        copiesIn(command) &&
        anyArg(command, /^\/(?:tmp|dev\/shm|var\/tmp)\//) &&
        /^\/(?:usr\/(?:local\/)?s?bin|s?bin|usr\/lib\/systemd|lib\/systemd)\//.test(command.args.at(-1) ?? '') &&
        !command.args.at(-1)!.endsWith('/'),
    },
  ],
};

const isAppended = (command: Command): boolean =>
  command.redirects.some(({ operator }) => operator.startsWith('>')) || /^(?:tee|cp|mv|ln|sed)$/.test(command.name);

/** Code rather than a setting: something fetched, started in the background, wired to the network, or a program by its path. */
function runsCode(text: string): boolean {
  return (
    startsForeign.test(text) ||
    /(?:nohup|setsid|disown|&\s?$|;\s?&|\bexec\b|\bpython\d?\b|\bperl\b|\bphp\b)/m.test(text) ||
    /(?:^|["'\s;])(?:\/[\w.-]+){2,}\.(?:sh|py|pl|elf|bin)\b|Exec\s?=/.test(text)
  );
}
