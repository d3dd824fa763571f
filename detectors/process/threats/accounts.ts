// Accounts and keys by which somebody comes back: new or changed accounts with rights, keys, passwords set from a script.
// Class: Sigma "Creation of privileged user", "SSH authorized key added", Falco "User mgmt binaries"; T1136.001, T1098, T1078.
import type { Command } from './shell/command.ts';
import { anyArg, pipeline, writes, writtenText } from './shell/look.ts';
import { authorizedKeys } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const adds = /^(?:useradd|adduser|pw|sysadminctl|dscl|luseradd|net)$/;
const rootGroups =
  /^(?:sudo|wheel|root|admin|0|adm|shadow|disk|lxd)(?:,|$)|,(?:sudo|wheel|root|admin|shadow|disk|lxd)(?:,|$)/;

function addsAccount({ name, args }: Command): boolean {
  return (
    adds.test(name) &&
    args.length > 0 &&
    (name !== 'pw' || args.includes('useradd') || args.includes('adduser') || args.includes('usermod'))
  );
}

/** The value after one of the options, in either spelling. */
function optionValue({ args }: Command, option: RegExp): string | undefined {
  for (const [at, arg] of args.entries()) {
    if (option.test(arg)) return args[at + 1];
    const attached = /^(--?[\w-]+)=(.{0,160})$/.exec(arg);
    if (attached !== null && option.test(attached[1]!)) return attached[2];
  }
  return undefined;
}

function setsPassword(command: Command): boolean {
  if (command.name === 'chpasswd')
    return command.previous !== undefined || command.redirects.some(({ operator }) => operator.startsWith('<'));
  if (command.name === 'passwd') return command.previous !== undefined && /echo|printf|yes/.test(command.previous.name);
  return command.name === 'pw' && command.previous !== undefined;
}

export const accounts: Family = {
  name: 'accounts',
  category: 'persistence_mechanisms',
  rules: [
    {
      id: 'second-root-account',
      technique: 'T1136.001',
      weight: 'decisive',
      reason: 'An account with the user id of root is made.',
      when: (command) =>
        /^(?:useradd|usermod|adduser|pw)$/.test(command.name) &&
        (optionValue(command, /^(?:-u|--uid)$/) === '0' ||
          anyArg(command, /^-[a-zA-Z]*ou0?$/) ||
          /(?:-o|--non-unique)\s+(?:-u|--uid)[ =]?0\b|-u0\b/.test(command.joined)),
    },
    {
      id: 'account-with-root-group',
      technique: 'T1136.001',
      weight: 'moderate',
      reason: 'An account is made, or changed, to belong to a group that may become root.',
      when: (command) =>
        addsAccount(command) &&
        [/^-[a-zA-Z]*[gG]$/, /^--g(?:id|roups|roup)$/, /^--ingroup$/].some((option) =>
          rootGroups.test(optionValue(command, option) ?? ''),
        ),
    },
    {
      id: 'account-with-password-in-line',
      technique: 'T1136.001',
      weight: 'moderate',
      reason: 'An account is made with its password in the command.',
      when: (command, { commands }) =>
        addsAccount(command) &&
        (optionValue(command, /^(?:-p|--password)$/) !== undefined || commands.some(setsPassword)),
    },
    {
      id: 'service-account-that-may-log-in',
      technique: 'T1136.001',
      weight: 'strong',
      reason: 'An account without a home is made with a shell to log in.',
      when: (command) =>
        addsAccount(command) &&
        anyArg(command, /^-[a-zA-Z]*M|^--no-create-home$/) &&
        /sh$/.test(optionValue(command, /^(?:-s|--shell)$/) ?? '') &&
        optionValue(command, /^(?:-d|--home(?:-dir)?)$/) === undefined,
    },
    {
      id: 'account-then-used',
      technique: 'T1136.001',
      weight: 'moderate',
      reason: 'An account is made and used at once.',
      when: (command, { commands }) =>
        addsAccount(command) && commands.some(({ name, args }) => (name === 'su' || name === 'ssh') && args.length > 0),
    },
    {
      id: 'account-of-rights-with-password',
      technique: 'T1098',
      weight: 'moderate',
      reason: 'The password of root, or of an account with its rights, is set from a pipe.',
      when: (command) =>
        setsPassword(command) &&
        /(?:^|[\s'"])root:|--stdin\s+root|\broot$/.test(
          `${command.joined}\n${pipeline(command)
            .map(({ joined }) => joined)
            .join('\n')}`,
        ),
    },
    {
      id: 'account-made-in-a-chain',
      technique: 'T1136.001',
      weight: 'moderate',
      reason: 'An account is made and given rights by one script.',
      when: (command, { commands }) =>
        addsAccount(command) &&
        commands.some(
          (one) =>
            (one.name === 'usermod' || one.name === 'gpasswd' || one.name === 'adduser' || one.name === 'addgroup') &&
            one !== command &&
            /sudo|wheel|root|admin|-aG/.test(one.joined),
        ),
    },
    {
      id: 'locked-account-opened',
      technique: 'T1098',
      weight: 'moderate',
      reason: 'A service account is given a shell, or a locked one is opened.',
      when: (command) =>
        (/^(?:usermod|chsh)$/.test(command.name) &&
          /(?:-s|--shell)[ =]\S{0,160}(?:ba|z)?sh\b/.test(command.joined) &&
          /\b(?:nobody|daemon|bin|sys|games|news|mail|www-data|backup|lp|man|uucp|proxy|list|irc|gnats|ftp|sync|nfsnobody|apache)$/.test(
            command.joined,
          )) ||
        (command.name === 'passwd' && anyArg(command, /^(?:-d|--delete)$/) && anyArg(command, /^root$/)),
    },
    {
      id: 'login-key-written',
      technique: 'T1098.004',
      weight: 'strong',
      reason: 'A list of keys that may log in is written directly.',
      when: (command) =>
        writes(command, authorizedKeys) && !/^(?:rm|chmod|chown|touch|ssh-copy-id|scp|rsync)$/.test(command.name),
    },
    {
      id: 'login-key-text-written',
      technique: 'T1098.004',
      weight: 'moderate',
      reason: 'The text of a login key is written by a command.',
      when: (command) =>
        writes(command, authorizedKeys) &&
        /ssh-(?:rsa|ed25519|dss)|ecdsa-sha2|AAAA[BC]3|command=/.test(`${command.joined}\n${writtenText(command)}`),
    },
    {
      id: 'login-key-for-root',
      technique: 'T1098.004',
      weight: 'moderate',
      reason: 'A login key is fetched, or written for root.',
      when: (command) =>
        writes(command, /(?:^\/root|\$HOME|~root)\/?.{0,160}authorized_keys/) ||
        (/^(?:curl|wget)$/.test(command.name) && writes(command, authorizedKeys)),
    },
  ],
};
