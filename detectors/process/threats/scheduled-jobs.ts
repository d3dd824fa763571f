// Jobs and services that are made from a command line: cron, at, timers, units and boot scripts.
// Class: Sigma "Persistence via cron/systemd", Elastic "Linux persistence" series; T1053, T1543, T1037.
import type { Command } from './shell/command.ts';
import { anyArg, writes, writtenText } from './shell/look.ts';
import { schedules, services, startsForeign, worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const cronLine =
  /(?:^|["'\s;])(?:(?:[\d*/,-]+\s+){4}[\d*/,a-zA-Z-]+\s+\S|@(?:reboot|hourly|daily|weekly|monthly|annually|yearly|midnight)\s)/m;

function feedsCrontab(command: Command): boolean {
  return (
    command.name === 'crontab' &&
    command.previous !== undefined &&
    (command.args.includes('-') || command.args.length === 0 || command.args.at(-1) === '/dev/stdin')
  );
}

export const scheduledJobs: Family = {
  name: 'scheduled-jobs',
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
        /(?:^|\s)(?:\/\S{0,160}\/)?(?:ba|z|da)?sh\s+-c|\/tmp\/|\/dev\/shm|python|perl|curl|wget/.test(joined),
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
        /ExecStart\w{0,64}\s?=\s?\S{0,160}(?:\/tmp\/|\/dev\/shm\/|\/var\/tmp\/|\/\.[a-z]|(?:ba)?sh -c|curl|wget|nc )/.test(
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
        (anyArg(command, worldWritable) || anyArg(command, /\/\.[a-z][^/]{0,160}$/)),
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
  ],
};
