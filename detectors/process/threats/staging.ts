// Getting ready: code fetched and run at once, code hidden in encodings, secrets gathered. Weak alone, telling together.
// Class: Sigma "Curl/wget execution", "Base64 pipe to shell", Falco "Search private keys or passwords"; T1105, T1140, T1552, T1003.
import type { Command } from './shell/command.ts';
import { anyArg, isShell, pipeline } from './shell/look.ts';
import { secrets, worldWritable } from './shell/places.ts';
import { shells } from './shell/runners.ts';
import type { Family } from './verdict/family.ts';

const fetches = /^(?:curl|wget|lwp-download|aria2c|fetch|lynx|axel|tftp)$/;
const bareAddress = /\b(?:https?|ftp):\/\/(?:\d{1,3}\.){3}\d{1,3}\b/;
const isInterpreter = ({ name, args }: Command): boolean =>
  /^(?:python|perl|ruby|php|node)$/.test(name) && !args.some((arg) => /^-[cer]/.test(arg));
const privateAddress = /:\/\/(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

const decodes = ({ name, args }: Command): boolean =>
  (/^base(?:64|32)$/.test(name) && args.some((arg) => /^-[a-zA-Z]*[dD]|^--decode/.test(arg))) ||
  (name === 'openssl' && /^(?:enc|base64)$/.test(args[0] ?? '') && args.includes('-d')) ||
  (name === 'xxd' && args.some((arg) => /^-[a-z]*r/.test(arg))) ||
  name === 'uudecode';

export const staging: Family = {
  name: 'staging',
  category: 'suspicious_network',
  rules: [
    {
      id: 'fetched-code-run',
      technique: 'T1105',
      weight: 'weak',
      reason: 'Code is fetched and run without being looked at.',
      when: (command) =>
        (isShell(command) || isInterpreter(command)) &&
        pipeline(command)
          .slice(1)
          .some(({ name }) => fetches.test(name)),
    },
    {
      id: 'fetched-code-from-bare-address-run',
      technique: 'T1105',
      weight: 'strong',
      reason: 'Code is fetched from a bare address and run without being looked at.',
      when: (command) =>
        (isShell(command) || isInterpreter(command)) &&
        pipeline(command)
          .slice(1)
          .some(({ name, joined }) => fetches.test(name) && bareAddress.test(joined) && !privateAddress.test(joined)),
    },
    {
      id: 'fetched-program-started-from-writable-folder',
      technique: 'T1105',
      weight: 'strong',
      reason: 'A program is fetched into a temporary folder, made executable and started.',
      when: (command, { commands, text }) =>
        commands.some(({ name }) => fetches.test(name)) &&
        commands.some(({ name, joined }) => name === 'chmod' && /\+[rwx]*x|[75]\d\d/.test(joined)) &&
        (worldWritable.test(command.program) ||
          (command.program.startsWith('./') && /(?:cd |-P |-o |-O )\/?(?:tmp|var\/tmp|dev\/shm)/.test(text))),
    },
    {
      id: 'encoded-code-run',
      technique: 'T1140',
      weight: 'strong',
      reason: 'Code is decoded and handed straight to a shell or interpreter.',
      when: (command) =>
        (shells.has(command.name) || isInterpreter(command)) &&
        pipeline(command).slice(1).some(decodes) &&
        !pipeline(command)
          .slice(1)
          .some(({ name }) => name === 'tar'),
    },
    {
      id: 'encoded-code-evaluated',
      technique: 'T1027',
      weight: 'strong',
      reason: 'Code is decoded in place and evaluated.',
      when: (command, { commands }) =>
        /^(?:eval|bash|sh|source|zsh)$/.test(command.name) &&
        /\$\(|`|<\(/.test(command.joined) &&
        /base64\s+(?:-d|--decode|-D)|xxd\s+-r|openssl\s+(?:enc|base64)/.test(command.joined) &&
        commands.some(decodes),
    },
    {
      id: 'program-from-memory',
      technique: 'T1620',
      weight: 'strong',
      reason: 'A program is started from memory, without a file.',
      when: ({ joined, program }) =>
        /memfd_create|\/proc\/(?:self|\$\$|\d+)\/fd\/\d+/.test(joined.slice(0, 16_384)) &&
        /exec|syscall|memfd/.test(`${joined.slice(0, 16_384)} ${program}`),
    },
    {
      id: 'passwords-searched',
      technique: 'T1552.001',
      weight: 'moderate',
      reason: 'Files are searched for passwords or keys.',
      when: (command) =>
        (/^(?:grep|egrep|fgrep|rg|zgrep|strings|find)$/.test(command.name) &&
          /(?:passw(?:or)?d|BEGIN.{0,10}PRIVATE|api[_-]?key|secret[_-]?key|id_rsa|\.kdbx|aws_access|credentials)/i.test(
            command.joined,
          ) &&
          (anyArg(command, /^-[a-zA-Z]*[rR]/) || command.name === 'find') &&
          anyArg(command, /^\/(?:$|\*|home|root|etc|var|opt|proc)?/)) ||
        command.name === 'laZagne' ||
        /^(?:lazagne(?:\.py)?|mimipenguin(?:\.sh|\.py)?|truffle(?:hog)?|3snake|swapdigger\S{0,160})$/.test(
          command.name,
        ),
    },
    {
      id: 'password-hashes-read',
      technique: 'T1003.008',
      weight: 'moderate',
      reason: 'The file of password hashes is read or copied.',
      when: (command) =>
        /^(?:cat|cp|scp|less|more|head|tail|strings|base64|xxd|dd|tar|zip|grep|awk|sed|unshadow|john|vim|nano)$/.test(
          command.name,
        ) && anyArg(command, /^(?:if=)?\/etc\/(?:g?shadow-?|master\.passwd)$/),
    },
    {
      id: 'cloud-credentials-asked',
      technique: 'T1552.005',
      weight: 'moderate',
      reason: 'The credentials of the machine are asked from the metadata service.',
      when: ({ name, joined }) =>
        fetches.test(name) &&
        /169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|\[fd00:ec2::254\]/.test(joined) &&
        /security-credentials|token|identity|iam/.test(joined),
    },
    {
      id: 'process-memory-read',
      technique: 'T1003.007',
      weight: 'moderate',
      reason: 'The memory of a running program is copied out.',
      when: (command) => (command.name === 'gcore' || command.name === 'procdump') && command.args.length > 0,
    },
    {
      id: 'secrets-gathered',
      technique: 'T1552.004',
      weight: 'weak',
      reason: 'Secrets are copied together or packed.',
      when: (command) =>
        /^(?:cp|rsync|tar|zip|find)$/.test(command.name) && anyArg(command, secrets) && anyArg(command, worldWritable),
    },
  ],
};
