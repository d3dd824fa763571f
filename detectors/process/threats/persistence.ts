// Ways to be started again: jobs, services, start files, event hooks, login modules and what they contain.
// Class: Sigma "Persistence via cron/systemd/udev/profile", Elastic "Linux persistence" series; T1053, T1543, T1546, T1547, T1556, T1037.
import type { Command } from './shell/command.ts';
import { anyArg, writes, writtenText } from './shell/look.ts';
import { eventHooks, pam, schedules, services, startFiles, worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

/** Text that fetches or starts something from a place where programs do not live. */
const startsForeign =
  /(?:\/tmp\/|\/var\/tmp\/|\/dev\/shm\/|\/dev\/tcp\/|\bcurl\b|\bwget\b|\bnc\b|\bncat\b|\bsocat\b|base64|\|\s?(?:ba|z|da)?sh\b|python\d?\s+-c|perl\s+-e|bash\s+-[ci]|\/\.[a-z])/;

const cronLine =
  /(?:^|["'\s;])(?:(?:[\d*/,-]+\s+){4}[\d*/,a-zA-Z-]+\s+\S|@(?:reboot|hourly|daily|weekly|monthly|annually|yearly|midnight)\s)/m;

const isCopy = /^(?:cp|mv|install|ln|link|rsync)$/;
const copiesIn = (command: Command): boolean => isCopy.test(command.name);

function feedsCrontab(command: Command): boolean {
  return (
    command.name === 'crontab' &&
    command.previous !== undefined &&
    (command.args.includes('-') || command.args.length === 0 || command.args.at(-1) === '/dev/stdin')
  );
}

export const persistence: Family = {
  name: 'persistence',
  category: 'persistence_mechanisms',
  rules: [
    {
      id: 'job-added-through-pipe',
      technique: 'T1053.003',
      weight: 'moderate',
      reason: 'A new line is piped into the table of jobs.',
      when: (command, { printed }) =>
        feedsCrontab(command) && (cronLine.test(writtenText(command)) || cronLine.test(printed)),
    },
    {
      id: 'job-replaced-by-script',
      technique: 'T1053.003',
      weight: 'strong',
      reason: 'A table of jobs is written into a temporary file and set in place.',
      when: (command, { commands, printed }) =>
        command.name === 'crontab' &&
        anyArg(command, worldWritable) &&
        (cronLine.test(printed) ||
          commands.some(({ redirects }) => redirects.some(({ target }) => command.args.includes(target)))),
    },
    {
      id: 'job-starts-foreign-code',
      technique: 'T1053.003',
      weight: 'strong',
      reason: 'A job is set that fetches code or starts it from a temporary or hidden place.',
      when: (command, { commands, printed }) =>
        (feedsCrontab(command) || (command.name === 'crontab' && commands.length > 1) || writes(command, schedules)) &&
        startsForeign.test(`${writtenText(command)}\n${printed}`) &&
        (cronLine.test(printed) || startsForeign.test(writtenText(command))),
    },
    {
      id: 'job-file-written',
      technique: 'T1053.003',
      weight: 'strong',
      reason: 'A file of scheduled jobs is written directly.',
      when: (command) =>
        writes(command, schedules) &&
        (/^(?:echo|printf|tee|cat|cp|mv|install|ln|dd|sed|wget|curl|)$/.test(command.name) ||
          command.redirects.length > 0) &&
        !/\.allow|\.deny/.test(command.joined),
    },
    {
      id: 'job-at-a-time',
      technique: 'T1053.002',
      weight: 'moderate',
      reason: 'A command is piped into the queue of jobs for later.',
      when: (command) =>
        (command.name === 'at' || command.name === 'batch') &&
        (command.previous !== undefined || command.redirects.some(({ operator }) => operator.startsWith('<<'))) &&
        /^(?:echo|printf|cat|)$/.test(command.previous?.name ?? ''),
    },
    {
      id: 'job-at-once',
      technique: 'T1053.002',
      weight: 'moderate',
      reason: 'The queue of jobs is used to start something at once, so that it has another parent.',
      when: ({ name, args, previous }) => name === 'at' && args.includes('now') && previous !== undefined,
    },
    {
      id: 'timer-from-command-line',
      technique: 'T1053.006',
      weight: 'strong',
      reason: 'A timer is made on the fly that runs a shell script.',
      when: ({ name, args, joined }) =>
        name === 'systemd-run' &&
        args.some((arg) =>
          /^--(?:on-(?:calendar|active|boot|startup|unit-(?:active|inactive))|timer-property)/.test(arg),
        ) &&
        /(?:^|\s)(?:\/\S*\/)?(?:ba|z|da)?sh\s+-c|\/tmp\/|\/dev\/shm|python|perl|curl|wget/.test(joined),
    },
    {
      id: 'service-file-written',
      technique: 'T1543.002',
      weight: 'moderate',
      reason: 'A file that starts a service is written from a command line.',
      when: (command) => writes(command, services) && command.name !== 'rm' && command.name !== 'systemctl',
    },
    {
      id: 'service-file-written-and-started',
      technique: 'T1543.002',
      weight: 'strong',
      reason: 'A service is written and turned on in one script.',
      when: (command, { commands }) =>
        writes(command, services) &&
        commands.some(
          ({ name, args }) =>
            (name === 'systemctl' &&
              args.some((arg) => /^(?:enable|start|daemon-reload|reenable|restart)$/.test(arg))) ||
            /^(?:chkconfig|update-rc\.d|rc-update|service)$/.test(name) ||
            (name === 'chmod' && /\+x|7\d\d/.test(args.join(' '))),
        ),
    },
    {
      id: 'service-text-written-by-echo',
      technique: 'T1543.002',
      weight: 'moderate',
      reason: 'The lines of a service or timer are written one by one.',
      when: (command, { printed }) =>
        writes(command, services) &&
        /\[(?:Unit|Service|Timer|Install)\]|ExecStart\s?=|OnCalendar|OnBootSec|#!\//.test(
          `${writtenText(command)}\n${printed}`,
        ),
    },
    {
      id: 'service-starts-foreign-code',
      technique: 'T1543.002',
      weight: 'strong',
      reason: 'A service is made that starts code from a temporary or hidden place.',
      when: (command, { printed }) =>
        writes(command, services) &&
        /ExecStart\w*\s?=\s?\S*(?:\/tmp\/|\/dev\/shm\/|\/var\/tmp\/|\/\.[a-z]|(?:ba)?sh -c|curl|wget|nc )/.test(
          `${writtenText(command)}\n${printed}`,
        ),
    },
    {
      id: 'service-from-odd-place',
      technique: 'T1543.002',
      weight: 'strong',
      reason: 'A service is turned on from a file in a temporary or hidden place.',
      when: (command) =>
        command.name === 'systemctl' &&
        anyArg(command, /^(?:enable|link|start)$/) &&
        (anyArg(command, worldWritable) || anyArg(command, /\/\.[a-z][^/]*$/)),
    },
    {
      id: 'boot-script-changed',
      technique: 'T1037.004',
      weight: 'strong',
      reason: 'A script that runs at boot is written.',
      when: (command) =>
        writes(command, /^\/etc\/(?:rc\.local|rc\.d\/rc\.local|rc\.common|init\.d\/|inittab|local\.d\/|boot\.d\/)/) &&
        command.name !== 'ln' &&
        (command.redirects.length > 0 || /^(?:tee|sed|cp|mv)$/.test(command.name)),
    },
    {
      id: 'start-file-changed',
      technique: 'T1546.004',
      weight: 'moderate',
      reason: 'A file that shells or desktops read at each start is written from a command line.',
      when: (command) => writes(command, startFiles) && isAppended(command),
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
          /^(?:PROMPT_COMMAND|BASH_ENV|ENV|PYTHONSTARTUP|PERL5OPT|RUBYOPT|NODE_OPTIONS)=.*(?:\/tmp\/|\/dev\/shm|curl|wget|nc |base64|--require|\$\()/.test(
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
