// Damage: disks overwritten, whole trees removed or encrypted, backups dropped, machines made to stop.
// Class: Sigma "DD File Overwrite", "Suspicious recursive removal", Elastic "Potential Linux ransomware"; T1485, T1486, T1561, T1490, T1499.
import type { Command } from './shell/command.ts';
import { anyArg, destinations } from './shell/look.ts';
import type { Family } from './verdict/family.ts';

const disk = /^\/dev\/(?:sd[a-z]|nvme\d+n\d+|vd[a-z]|xvd[a-z]|hd[a-z]|mmcblk\d+|disk\d+|mapper\/\w+)\d*$/;
const emptySource = /^if=\/dev\/(?:zero|u?random)$/;
const wholeTree = /^\/(?:\*|(?:bin|boot|etc|home|lib|lib64|opt|root|sbin|srv|usr|var)(?:\/?\*?))?$/;

const overwrites = ({ name, args }: Command): boolean => name === 'dd' && args.some((arg) => emptySource.test(arg));

function encrypts({ name, args, joined }: Command): boolean {
  return (
    (name === 'openssl' && args[0] === 'enc' && !/\s-d(?:\s|$)/.test(joined)) ||
    (name === 'openssl' &&
      /^(?:pkeyutl|rsautl|smime|cms|aes-\d+-\w+)$/.test(args[0] ?? '') &&
      /-encrypt|\s-e\b|-in/.test(joined) &&
      !/-decrypt|\s-d\b/.test(joined)) ||
    (/^gpg2?$/.test(name) && args.some((arg) => /^(?:-c|--symmetric|-e|--encrypt)$/.test(arg))) ||
    (/^(?:ccrypt|ccencrypt|aescrypt|age|rage)$/.test(name) && !/-d\b|--decrypt/.test(joined)) ||
    (/^7z[ar]?$/.test(name) && args[0] === 'a' && args.some((arg) => /^-p/.test(arg))) ||
    (name === 'zip' && args.some((arg) => /^(?:-[a-z]*[eP]|--password|--encrypt)$/.test(arg)))
  );
}

export const destruction: Family = {
  name: 'destruction',
  category: 'system_modification',
  rules: [
    {
      id: 'everything-removed',
      technique: 'T1485',
      weight: 'strong',
      reason: 'A whole system tree is removed.',
      when: ({ name, args }) =>
        name === 'rm' &&
        args.some((arg) => /^-[a-zA-Z]*[rR]/.test(arg)) &&
        (args.includes('--no-preserve-root') || args.some((arg) => wholeTree.test(arg) && arg !== '/usr/*')),
    },
    {
      id: 'disk-overwritten',
      technique: 'T1561.001',
      weight: 'moderate',
      reason: 'A disk is overwritten with nothing.',
      when: (command) => overwrites(command) && destinations(command).some((file) => disk.test(file)),
    },
    {
      id: 'files-overwritten',
      technique: 'T1485',
      weight: 'strong',
      reason: 'System files or logs are overwritten with nothing.',
      when: (command) =>
        (overwrites(command) &&
          destinations(command).some(
            (file) => /^\/(?:etc|var\/(?:log|lib)|boot|home|root)\/|\$/.test(file) && !/swap|\.img$/.test(file),
          )) ||
        (command.under.includes('find') && /^(?:shred|wipe|srm)$/.test(command.name)) ||
        (command.name === 'shred' && anyArg(command, /^\/(?:etc|boot|home|root|var\/lib|bin|usr)/)),
    },
    {
      id: 'disk-written-by-redirection',
      technique: 'T1561.002',
      weight: 'strong',
      reason: 'A disk is written over from the shell.',
      when: (command) =>
        command.redirects.some(({ operator, target }) => operator.startsWith('>') && disk.test(target)),
    },
    {
      id: 'files-encrypted-in-bulk',
      technique: 'T1486',
      weight: 'strong',
      reason: 'Files are encrypted one after another, and the originals go.',
      when: (command, { commands }) =>
        encrypts(command) &&
        (command.under.includes('find') ||
          command.under.includes('xargs') ||
          commands.some(({ name }) => name === 'for' || name === 'while')) &&
        (commands.some(({ name }) => /^(?:rm|shred|mv|unlink)$/.test(name)) ||
          command.under.includes('find') ||
          /\$|\{\}/.test(command.joined)),
    },
    {
      id: 'file-encrypted-with-given-key',
      technique: 'T1486',
      weight: 'moderate',
      reason: 'A file is encrypted with a key or password that stands in the command.',
      when: (command) =>
        encrypts(command) &&
        (/(?:--passphrase|-pass(?:in|out)?\s+(?:pass|file):|pass:|-k\s|-K\s|-pubin|-P\s|^-p\S)/.test(command.joined) ||
          command.previous?.name === 'echo' ||
          anyArg(command, /^-p.+/)),
    },
    {
      id: 'file-encrypted-without-a-person',
      technique: 'T1486',
      weight: 'strong',
      reason: 'A file is encrypted with a password from a pipe, or with a key that was made in the same script.',
      when: (command, { commands }) =>
        encrypts(command) &&
        ((/^(?:echo|printf)$/.test(command.previous?.name ?? '') && /passphrase-fd|-pass stdin/.test(command.joined)) ||
          (command.args.includes('-pubin') &&
            commands.some(({ name, args }) => name === 'openssl' && /^gen(?:rsa|pkey)$/.test(args[0] ?? ''))) ||
          (/^(?:ccrypt|ccencrypt)$/.test(command.name) && anyArg(command, /^-[a-zA-Z]*K/)) ||
          (/^(?:7z[ar]?|zip)$/.test(command.name) && anyArg(command, /^\/etc\/(?:passwd|shadow)/))),
    },
    {
      id: 'original-removed-after-encryption',
      technique: 'T1486',
      weight: 'strong',
      reason: 'A file is encrypted and the original taken away or replaced in the same script.',
      when: (command, { commands }) =>
        encrypts(command) && commands.some(({ name }) => /^(?:rm|shred|mv|cp|srm|unlink)$/.test(name)),
    },
    {
      id: 'recovery-taken-away',
      technique: 'T1490',
      weight: 'moderate',
      reason: 'Backups or snapshots are removed in bulk.',
      when: ({ name, joined }) =>
        (name === 'rm' &&
          /-[a-z]*r[a-z]*\s.{0,160}\/(?:backups?|var\/backups|snapshots|timeshift)\/?(?:\*|\s|$)/i.test(joined)) ||
        (/^(?:restic|borg)$/.test(name) && /forget.{0,160}--keep-last 0|delete\s.{0,160}--force/.test(joined)) ||
        (name === 'docker' && /system prune.{0,160}-a.{0,160}--volumes.{0,160}-f/.test(joined) && /rm/.test(joined)),
    },
    {
      id: 'fork-bomb',
      technique: 'T1499.001',
      weight: 'decisive',
      reason: 'A function that starts itself twice without end.',
      when: (command, { text }) =>
        command.program !== '' &&
        /(?:^|[\s;'"])(\S{1,12})\s?\(\)\s?\{\s{0,4}\1\s?\|\s?\1\s?&\s{0,4}\}/.test(text.slice(0, 8_192)),
    },
    {
      id: 'partition-table-removed',
      technique: 'T1561.002',
      weight: 'moderate',
      reason: 'The head of a disk, where its partitions stand, is overwritten.',
      when: ({ name, joined }) =>
        name === 'dd' &&
        /of=\/dev\/(?:sd|nvme|vd|xvd|hd)\w+/.test(joined) &&
        /if=\/dev\/(?:zero|u?random)/.test(joined) &&
        /bs=(?:512|446|1M|1k)\b.{0,160}count=1\b|count=1\b.{0,160}bs=/.test(joined),
    },
    {
      id: 'kernel-made-to-stop',
      technique: 'T1529',
      weight: 'strong',
      reason: 'The kernel is told to stop or restart at once.',
      when: (command) => destinations(command).some((file) => file === '/proc/sysrq-trigger') && command.name !== 'cat',
    },
  ],
};
