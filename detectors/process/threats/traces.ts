// Traces removed: shell histories, logs, times of files, and the settings by which a shell keeps its history.
// Class: Sigma "Clear Linux Logs", "Shell history tampering", Falco "Clear Log Activities"; T1070, T1685.006, T1690.
import type { Command } from './shell/command.ts';
import { anyArg, destinations, writes } from './shell/look.ts';
import { histories, logs, mailSpool } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const removes = /^(?:rm|unlink|shred|srm|truncate|wipe|scrub)$/;

/** A file emptied or replaced: > file, cp /dev/null file, ln -s /dev/null file, cat /dev/null > file. */
function empties(command: Command, place: RegExp): boolean {
  const { name, args, redirects } = command;
  if (
    /^(?:cp|ln|mv|dd|cat)$/.test(name) &&
    args.some((arg) => /(?:^|=)\/dev\/(?:null|zero)$/.test(arg)) &&
    writes(command, place)
  )
    return true;
  const isEmptying = redirects.some(
    ({ operator, target }) => (operator === '>' || operator === '>|') && place.test(target),
  );
  if (!isEmptying) return false;
  if (name === '' || name === ':' || name === 'true') return true;
  if (name === 'echo' || name === 'printf')
    return args.every((arg) => arg.trim() === '' || /^-[ne]+$/.test(arg) || arg === '\\n');
  return name === 'cat' && args.length === 0;
}

function removesFrom(command: Command, place: RegExp): boolean {
  return removes.test(command.name) && anyArg(command, place);
}

const historyOff =
  /^(?:HISTFILE=(?:\/dev\/null|['"]?$)|HISTSIZE=0|HISTFILESIZE=0|SAVEHIST=0|HISTCONTROL=['"]?(?:ignoreboth|ignorespace|erasedups)|HISTIGNORE=['"]?\*|LESSHISTFILE=(?:\/dev\/null|-)|MYSQL_HISTFILE=\/dev\/null|PYTHONSTARTUP=$)/;

const logServices =
  /^(?:rsyslogd?|syslog(?:-ng|d)?|auditd|systemd-journald|syslog\.socket|klogd|filebeat|fluent(?:d|-?bit)|td-agent|promtail|splunk\w{0,64}|osqueryd|falco\w{0,64}|auditbeat|vector|sysmon)(?:\.service|\.socket)?$/;

export const traces: Family = {
  name: 'traces',
  category: 'system_modification',
  rules: [
    {
      id: 'history-removed',
      technique: 'T1070.003',
      weight: 'strong',
      reason: 'What a shell remembers of earlier commands is removed or emptied.',
      when: (command) =>
        removesFrom(command, histories) ||
        empties(command, histories) ||
        (command.name === 'shred' && anyArg(command, histories)),
    },
    {
      id: 'history-cleared',
      technique: 'T1070.003',
      weight: 'moderate',
      reason: 'A shell is told to forget its history.',
      when: ({ name, args }) =>
        (name === 'history' && args.some((arg) => /^-[a-z]*[cw]/.test(arg))) ||
        (name === 'unset' && args.some((arg) => /^HIST(?:FILE|SIZE|FILESIZE|ORY)$/.test(arg))) ||
        (name === 'set' && args.join(' ') === '+o history') ||
        (name === 'fc' && args.includes('-p')) ||
        name === 'clear-history',
    },
    {
      id: 'history-cleared-in-script',
      technique: 'T1070.003',
      weight: 'moderate',
      reason: 'A script clears the history of a shell among other things.',
      when: ({ name, args }, { commands }) =>
        ((name === 'history' && args.some((arg) => /^-[a-z]*c/.test(arg))) ||
          (name === 'unset' && args.includes('HISTFILE'))) &&
        commands.length > 1,
    },
    {
      id: 'history-turned-off',
      technique: 'T1690',
      weight: 'moderate',
      reason: 'A shell is told to keep no history.',
      when: (command) => historySettings(command).some((one) => historyOff.test(one)),
    },
    {
      id: 'history-turned-off-in-script',
      technique: 'T1690',
      weight: 'moderate',
      reason: 'A script turns off the history of the shell before it goes on.',
      when: (command, { commands }) =>
        historySettings(command).some((one) => historyOff.test(one)) && commands.length > 1,
    },
    {
      id: 'history-edited',
      technique: 'T1070.003',
      weight: 'strong',
      reason: 'Lines of a shell history are changed in place.',
      when: (command) => /^(?:sed|perl|ed|ex)$/.test(command.name) && writes(command, histories),
    },
    {
      id: 'log-removed',
      technique: 'T1070.002',
      weight: 'moderate',
      reason: 'A log of the system is removed or emptied.',
      when: (command) => (removesFrom(command, logs) && !isRotation(command)) || empties(command, logs),
    },
    {
      id: 'login-record-removed',
      technique: 'T1070.002',
      weight: 'strong',
      reason: 'The record of logins, of sudo or of the audit system is removed or emptied.',
      when: (command) =>
        removesFrom(command, loginRecords) ||
        empties(command, loginRecords) ||
        (/^(?:sed|utmpdump)$/.test(command.name) && writes(command, loginRecords)) ||
        (command.name === 'shred' && anyArg(command, logs)),
    },
    {
      id: 'all-logs-removed',
      technique: 'T1070.002',
      weight: 'strong',
      reason: 'Every log of the system is removed.',
      when: (command, { commands }) =>
        (command.name === 'rm' &&
          anyArg(command, /^-[a-zA-Z]*r/) &&
          anyArg(command, /^\/(?:private\/)?var\/log(?:\/?\*?|\/audit\/?\*?)$/)) ||
        (command.under.includes('find') &&
          removes.test(command.name) &&
          commands.some(({ name, args }) => name === 'find' && /^\/var\/log\/?$/.test(args[0] ?? ''))) ||
        (command.name === 'journalctl' &&
          anyArg(command, /^--vacuum-(?:time=?(?:0|1)?(?:s|$)|size=?(?:0|1)[KkMm]?$)/)) ||
        (command.name === 'journalctl' && /--vacuum-(?:time|size)[= ](?:1s|0s?|1[KkM]?)(?:\s|$)/.test(command.joined)),
    },
    {
      id: 'container-log-removed',
      technique: 'T1070.003',
      weight: 'strong',
      reason: 'The log of a container is emptied behind the engine.',
      when: (command) =>
        (removes.test(command.name) && anyArg(command, /json\.log$/)) || empties(command, /json\.log$/),
    },
    {
      id: 'log-cleaner',
      technique: 'T1070.002',
      weight: 'strong',
      reason: 'A tool made to rub out records of logins.',
      when: ({ name, args }) =>
        /^(?:logtamper|zap[23]?|wzap|moonwalk|logcleaner\S{0,160}|utmpclean|wtmpclean|vanish2?|cloak2?|fuckaudit)$/.test(
          name,
        ) ||
        (name === 'faillock' && args.includes('--reset')) ||
        (name === 'lastlog' && args.some((arg) => /^-C$|--clear/.test(arg))),
    },
    {
      id: 'kernel-log-cleared',
      technique: 'T1070.002',
      weight: 'moderate',
      reason: 'The messages of the kernel are cleared.',
      when: ({ name, args }, { commands }) =>
        name === 'dmesg' && args.some((arg) => /^(?:-C|--clear|-c)$/.test(arg)) && commands.length > 1,
    },
    {
      id: 'mail-removed',
      technique: 'T1070.008',
      weight: 'strong',
      reason: 'The mailboxes of users are removed or rewritten.',
      when: (command) =>
        (removes.test(command.name) && anyArg(command, mailSpool)) ||
        (!/^(?:mail|sendmail|postfix)/.test(command.name) &&
          destinations(command).some((file) => mailSpool.test(file) && /[$*]/.test(file))),
    },
    {
      id: 'time-set-back',
      technique: 'T1070.006',
      weight: 'moderate',
      reason: 'The time of a file is set to that of another file or to the past.',
      when: ({ name, args }) =>
        name === 'touch' &&
        args.some((arg) => /^-[a-z]*[rtd]$|^--reference|^--date/.test(arg)) &&
        args.some((arg) => /^\/|^\.\/?\.|\$/.test(arg)),
    },
    {
      id: 'time-set-on-given-file',
      technique: 'T1070.006',
      weight: 'moderate',
      reason: 'A file named by its full path is given the time of another, or one of the last century.',
      when: ({ name, args }) =>
        name === 'touch' &&
        ((args.some((arg) => /^-[a-z]*r$|^--reference/.test(arg)) &&
          args.filter((arg) => arg.startsWith('/')).length > 1) ||
          args.some((arg) => /^(?:-[a-z]*t)?19\d{10}|^(?:--date=)?['"]?19\d\d-/.test(arg))),
    },
    {
      id: 'time-of-system-file-copied',
      technique: 'T1070.006',
      weight: 'strong',
      reason: 'A file is given the time of a program or setting of the system, as if it had come with it.',
      when: ({ name, args }) =>
        name === 'touch' &&
        (args.some(
          (arg, at) => /^(?:-[a-z]*r|--reference)$/.test(args[at - 1] ?? '') && /^\/(?:bin|sbin|usr|etc|lib)/.test(arg),
        ) ||
          args.some((arg) => /^--reference=\/(?:bin|sbin|usr|etc|lib)/.test(arg))),
    },
    {
      id: 'clock-turned',
      technique: 'T1070.006',
      weight: 'strong',
      reason: 'The clock is turned while files are written, then set right.',
      when: ({ name, args }, { commands }) =>
        name === 'date' &&
        args.some((arg) => /^-s|^--set/.test(arg)) &&
        commands.filter((one) => one.name === 'date').length > 1 &&
        commands.some((one) => one.name === 'touch'),
    },
    {
      id: 'clock-control-turned',
      technique: 'T1070.006',
      weight: 'moderate',
      reason: 'The clock is turned off its source and set by hand while a file is made.',
      when: ({ name, args }, { commands }) =>
        name === 'timedatectl' &&
        args.includes('set-time') &&
        commands.some((one) => one.name === 'touch' || one.name === 'stat'),
    },
    {
      id: 'logging-stopped',
      technique: 'T1685.006',
      weight: 'strong',
      reason: 'The service that keeps logs is stopped or turned off.',
      when: ({ name, args }) =>
        ((name === 'systemctl' ||
          name === 'service' ||
          name === 'rc-service' ||
          name === 'chkconfig' ||
          name === 'update-rc.d') &&
          args.some((arg) => /^(?:stop|disable|mask|off|remove|kill|onestop)$/.test(arg)) &&
          args.some((arg) => logServices.test(arg))) ||
        (/^(?:pkill|killall|kill)$/.test(name) && args.some((arg) => logServices.test(arg))),
    },
    {
      id: 'logging-setting-removed',
      technique: 'T1685.006',
      weight: 'strong',
      reason: 'The settings of the logging service are edited away.',
      when: (command) =>
        (/^(?:rm|mv)$/.test(command.name) && anyArg(command, logSettings)) ||
        (/^(?:sed|truncate|perl|ed|ex)$/.test(command.name) && writes(command, logSettings)) ||
        (/^(?:echo|printf|cp|cat|tee)$/.test(command.name) && writes(command, auditSettings)) ||
        empties(command, logSettings),
    },
    {
      id: 'own-program-removed',
      technique: 'T1070.004',
      weight: 'weak',
      reason: 'A file in a temporary folder is overwritten before it is removed.',
      when: (command) => command.name === 'shred' && anyArg(command, /^-[a-z]*u|--remove/),
    },
  ],
};

/** Where it is set what is logged, and what of it the audit system records. */
const auditSettings = /\/etc\/(?:audit\/|auditd|libaudit\.conf|security\/audit)/;
const logSettings =
  /\/etc\/(?:r?syslog[\w.-]*|rsyslog\.d\/\S{0,160}|syslog-ng\/\S{0,160}|audit\/\S{0,160}|auditd\S{0,160}|libaudit\.conf|audisp\S{0,160}|security\/audit\S{0,160}|newsyslog\S{0,160}|systemd\/journald\S{0,160})$/;

const loginRecords =
  /\/(?:wtmp|btmp|utmp|lastlog|faillog|auth\.log|secure|audit\/audit\.log|audit\.log|sudo\.log)(?:[.\d-]*|\*)$/;

function isRotation({ args }: Command): boolean {
  return (
    args.some((arg) => /\.(?:gz|xz|zst|old|\d)$|-\d{8}/.test(arg)) ||
    args.some((arg) =>
      /\/var\/log\/(?:apt|nginx|apache2|installer|unattended-upgrades|dpkg|bootstrap|alternatives|faillog|lastlog|yum|dnf|anaconda|hawkey)/.test(
        arg,
      ),
    )
  );
}

function historySettings({ name, args, assignments }: Command): readonly string[] {
  return [...assignments, ...(/^(?:export|set|declare|typeset|env|readonly)$/.test(name) ? args : [])];
}
