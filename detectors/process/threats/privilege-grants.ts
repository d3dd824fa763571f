// Rights given away: set-uid bits and capabilities on programs, rules of sudo and polkit, opened password files, known exploits.
// Class: GTFOBins "suid" and "capabilities" preparation, Sigma "Setuid and Setgid", "Sudoers Modification"; T1548, T1068.
import type { Command } from './shell/command.ts';
import { anyArg, isElevated, writes, writtenText } from './shell/look.ts';
import { accounts, preloads, secrets, sudoers, worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

/** Octal modes with the set-uid bit, and the letters that set it. */
const setsUid =
  /^(?:0?[4-7][0-7]{3}|[goa]{0,3}u[ugoa]{0,3}[+=][rwxXt]{0,5}s[rwxXt]{0,5}|(?:a|\+|u\+|ug\+|a\+)?\+?s|[ugo,]{0,5}\+[rwx]{0,3}s)$/;
const setsBothForAll = /^0?[67][0-7]77$/;
const shellFile =
  /^\/(?:usr\/)?bin\/(?:ba|da|z|k|a)?sh$|\/(?:python|perl|ruby|php|node|vim?|find|env|awk|less|nano|cp|tar|dd|gdb|docker|systemctl)[\d.]*$/;
const strongCapability =
  /cap_(?:setuid|setgid|sys_admin|sys_ptrace|sys_module|dac_override|dac_read_search|chown|fowner|setfcap|all|sys_rawio)|(?:^|\s)=ep\b|^all=/;

/** Programs through which a capability gives the whole machine: interpreters, shells, editors, debuggers, archivers. */
const broadProgram =
  /\/(?:python|perl|ruby|php|node|lua|tclsh|bash|sh|dash|zsh|vim?|gdb|tar|dd|cp|mv|find|openssl|curl|nc|awk|view|rview|rvim|less|env)[\d.]*$/;
const ownFolder = /^(?:\/(?:tmp|var\/tmp|dev\/shm|home\/[^/]+)\/|\.\/|\.?[\w.-]+$)/;

function changesMode(command: Command): boolean {
  return command.name === 'chmod' && command.args.some((arg) => setsUid.test(arg));
}

function copiesShell(command: Command): boolean {
  return /^(?:cp|install|ln|mv)$/.test(command.name) && anyArg(command, shellFile);
}

const sudoGrant =
  /NOPASSWD|!authenticate|!tty_tickets|timestamp_timeout\s?=\s?-1|ALL\s?=\s?\(?ALL|!requiretty|permit\s+nopass|Defaults/;

export const privilegeGrants: Family = {
  name: 'privilege-grants',
  category: 'privilege_escalation',
  rules: [
    {
      id: 'set-uid-for-everybody',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A file is made set-uid and writable for everybody.',
      when: ({ name, args }) => name === 'chmod' && args.some((arg) => setsBothForAll.test(arg)),
    },
    {
      id: 'set-uid-on-copied-shell',
      technique: 'T1548.001',
      weight: 'decisive',
      reason: 'A shell or interpreter is copied and the copy made set-uid.',
      when: (command, { commands }) => changesMode(command) && commands.some(copiesShell),
    },
    {
      id: 'set-uid-on-interpreter',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A shell, interpreter or editor is made set-uid.',
      when: (command) => changesMode(command) && anyArg(command, shellFile),
    },
    {
      id: 'set-uid-in-writable-folder',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A file in a folder that anybody may write is made set-uid.',
      when: (command) => changesMode(command) && anyArg(command, worldWritable),
    },
    {
      id: 'set-uid-copy-installed',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A program is copied with the set-uid bit.',
      when: ({ name, args }) =>
        name === 'install' &&
        args.some(
          (arg, at) => /^-m/.test(arg) && setsUid.test((arg.slice(2) || args[at + 1] || '').replace(/^=xs?$/, 'u+s')),
        ),
    },
    {
      id: 'set-uid-as-root-on-own-file',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A file is given to root and made set-uid in one line.',
      when: (command, { commands }) =>
        changesMode(command) &&
        anyArg(command, ownFolder) &&
        commands.some(({ name, args }) => name === 'chown' && /^root(?::|$)/.test(args[0] ?? '')),
    },
    {
      id: 'strong-capability-on-interpreter',
      technique: 'T1548.001',
      weight: 'decisive',
      reason: 'An interpreter or shell is given a capability that amounts to root.',
      when: (command) =>
        command.name === 'setcap' && anyArg(command, strongCapability) && anyArg(command, broadProgram),
    },
    {
      id: 'identity-capability',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A program is given the capability to become another user.',
      when: (command) => command.name === 'setcap' && anyArg(command, /cap_set[ug]id|cap_setfcap|(?:^|\s)all?=|^=ep/),
    },
    {
      id: 'strong-capability-in-own-folder',
      technique: 'T1548.001',
      weight: 'strong',
      reason: 'A program in a user folder is given a capability that amounts to root.',
      when: (command) =>
        command.name === 'setcap' &&
        anyArg(command, strongCapability) &&
        anyArg(command, /^(?:\/tmp|\/home|\/dev\/shm|\/var\/tmp|\.\/)/),
    },
    {
      id: 'sudo-rule-written',
      technique: 'T1548.003',
      weight: 'strong',
      reason: 'The rules of sudo or doas are written from a command line.',
      when: (command, { text }) =>
        (writes(command, sudoers) || writes(command, /(?:^|\/)sudoers(?:$|\.d\/)/)) &&
        (sudoGrant.test(writtenText(command)) || sudoGrant.test(text)),
    },
    {
      id: 'sudo-rule-lifted',
      technique: 'T1548.003',
      weight: 'decisive',
      reason: 'A rule that lets somebody become root without a password is written.',
      when: (command) =>
        (writes(command, sudoers) || command.joined.includes('visudo')) &&
        /NOPASSWD|!authenticate|permit\s+nopass|timestamp_timeout\s?=\s?-1|!tty_tickets/.test(writtenText(command)),
    },
    {
      id: 'sudo-user-id-trick',
      technique: 'T1548.003',
      weight: 'decisive',
      reason: 'sudo is asked for a user id that some versions mistake for root (CVE-2019-14287).',
      when: ({ name, args, joined }) =>
        name === 'sudo' && (/-u\s?#-1|-u\s?#4294967295/.test(joined) || (args[0] === '-u' && args[1] === '#-1')),
    },
    {
      id: 'sudoedit-overflow',
      technique: 'T1068',
      weight: 'decisive',
      reason: 'sudoedit is called in the way of CVE-2021-3156.',
      when: ({ name, args }) => name === 'sudoedit' && args.includes('-s') && args.some((arg) => arg.endsWith('\\')),
    },
    {
      id: 'password-file-opened',
      technique: 'T1222.002',
      weight: 'strong',
      reason: 'A file of passwords or keys is made readable or handed to another owner.',
      when: (command) =>
        isOpening(command) &&
        anyArg(command, /^\/etc\/(?:g?shadow|sudoers|passwd|krb5\.keytab)\b|^\/root\/|id_(?:rsa|ed25519|ecdsa|dsa)$/),
    },
    {
      id: 'file-taken-over',
      technique: 'T1222.002',
      weight: 'strong',
      reason: 'Somebody makes a system file or a data file their own, user and group at once.',
      when: ({ name, args }) =>
        /^(?:chown|chgrp|setfacl)$/.test(name) &&
        args.some((arg) =>
          /^(?:\$\(id -u?n?u?\)|`id -un`|\$\(whoami\)|`whoami`):(?:\$\(id -gn?\)|`id -gn?`)$|^u:(?:\$\(|`)(?:id -un|whoami)(?:\)|`):rwx?$/.test(
            arg,
          ),
        ) &&
        args.some(
          (arg) =>
            /^\/(?:etc|root|srv|var\/lib|usr\/s?bin|boot|opt)\/[\w./-]*\w$/.test(arg) &&
            /\.\w+$|\/etc\/|\/root\/|bin\//.test(arg),
        ),
    },
    {
      id: 'password-database-read',
      technique: 'T1003.008',
      weight: 'strong',
      reason: 'The database of password hashes is asked for.',
      when: ({ name, args }) => (name === 'getent' && /^g?shadow$/.test(args[0] ?? '')) || name === 'unshadow',
    },
    {
      id: 'password-file-written',
      technique: 'T1098',
      weight: 'strong',
      reason: 'An account file is written directly, past the tools made for it.',
      when: (command) => writes(command, accounts) && !/^(?:vipw|vigr|pwconv|sed|useradd)$/.test(command.name),
    },
    {
      id: 'root-like-account-line',
      technique: 'T1098',
      weight: 'decisive',
      category: 'persistence_mechanisms',
      reason: 'An account line with the user id of root is written.',
      when: (command) => writes(command, accounts) && /^[^\n]{0,200}:[^:\n]{0,200}:0:0:/m.test(writtenText(command)),
    },
    {
      id: 'linker-preload-written',
      technique: 'T1574.006',
      weight: 'decisive',
      reason: 'A library is set to be loaded into every program.',
      when: (command) => writes(command, /\/etc\/ld\.so\.preload/) && !/^(?:rm|truncate)$/.test(command.name),
    },
    {
      id: 'library-preloaded-from-writable-folder',
      technique: 'T1574.006',
      weight: 'strong',
      reason: 'A program is started with a library from a folder that anybody may write loaded into it.',
      when: ({ assignments, args, name }) =>
        [...assignments, ...(/^(?:env|sudo|export)$/.test(name) ? args : [])].some((one) =>
          /^LD_(?:PRELOAD|AUDIT)=['"]?\/(?:tmp|var\/tmp|dev\/shm)\//.test(one),
        ),
    },
    {
      id: 'preload-kept-through-sudo',
      technique: 'T1574.006',
      weight: 'strong',
      reason: 'A library is loaded into a program that runs as another user.',
      when: ({ name, args }) => name === 'sudo' && args.some((arg) => /^LD_(?:PRELOAD|LIBRARY_PATH|AUDIT)=/.test(arg)),
    },
    {
      id: 'known-exploit',
      technique: 'T1068',
      weight: 'strong',
      reason: 'The program bears the name of a published privilege exploit or of a tool that looks for one.',
      when: ({ name, joined }) =>
        /^(?:pwnkit|dirty_?cow|dirtypipe|dirty_?pipez?|overlayfs_?exploit|gameover\(?lay\)?|cve-\d{4}-\d{4,}[\w.-]*|linpeas(?:_\w+)?(?:\.sh)?|linenum\.sh|les\.sh|linux-exploit-suggester(?:-\d)?(?:\.sh|\.pl)?|pspy(?:32|64)s?|lse\.sh|traitor(?:-\w+)?|beroot(?:\.py)?|unix-privesc-check|sudo_killer\.sh|gtfonow(?:\.py)?|looney.?tunables\w{0,64}|baron_?samedit\w{0,64}|deepce\.sh|cdk(?:_linux_\w+)?)$/.test(
          name,
        ) ||
        /\b(?:linpeas|linenum|pwnkit|dirtycow|dirtypipe|linux-exploit-suggester|sudo_bruteforce|deepce)(?:_\w+)?\.(?:sh|py|c|pl)\b/i.test(
          joined,
        ),
    },
    {
      id: 'polkit-environment-trick',
      technique: 'T1068',
      weight: 'strong',
      reason: 'pkexec is started with the variables of CVE-2021-4034.',
      when: ({ name, assignments }) =>
        name === 'pkexec' && assignments.some((one) => one.startsWith('GCONV_PATH=') || one.startsWith('CHARSET=')),
    },
    {
      id: 'secret-read-elevated',
      technique: 'T1003.008',
      weight: 'weak',
      reason: 'A file of secrets is read with other rights than the caller has.',
      when: (command) =>
        isElevated(command) &&
        /^(?:cat|less|more|head|tail|strings|xxd|base64|cp|dd)$/.test(command.name) &&
        anyArg(command, secrets),
    },
    {
      id: 'memory-of-a-process-written',
      technique: 'T1055.009',
      weight: 'strong',
      category: 'privilege_escalation',
      reason: 'The memory of another process is written or searched through /proc.',
      when: (command, { text }) =>
        /^(?:dd|gdb|gcore|memdump|mimipenguin|python|perl|sh|bash|grep|cat|xxd|exec)$/.test(command.name) &&
        /\/proc\/[^\s/]{1,40}\/(?:mem|maps)\b/.test(text) &&
        /\/proc\/[^\s/]{1,40}\/mem\b|mem\b.{0,40}(?:seek|conv=notrunc)/.test(text),
    },
    {
      id: 'linker-settings-written',
      technique: 'T1574.006',
      weight: 'weak',
      reason: 'The places from which libraries are loaded are changed.',
      when: (command) => writes(command, preloads),
    },
  ],
};

function isOpening({ name, args }: Command): boolean {
  if (name === 'chown' || name === 'chgrp')
    return !/^root(?::|\.|$)/.test(args.find((arg) => !arg.startsWith('-')) ?? '');
  if (name === 'setfacl') return args.some((arg) => /(?:u|o|g):[^:]{0,160}:[rwx-]*[rw]/.test(arg));
  return (
    name === 'chmod' &&
    args.some((arg) => /^(?:0?[0-7]?[0-7]{2}[4-7]|[ao]*[ao]\+[rwx]*|\+[rw]+|[ugoa]+[+=]rwx?)$/.test(arg))
  );
}
