// Data that leaves the machine: files fed into connections, uploads to strangers, archives sent out, secrets posted.
import { anyArg, isFed, isShell, pipeline } from './shell/look.ts';
import { isValuable, loopback, secrets } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const substitution = /\$\(|`|\$\{?\w+/;

export const exfiltration: Family = {
  name: 'exfiltration',
  category: 'data_exfiltration',
  rules: [
    {
      id: 'file-fed-to-connection',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'A file or an archive is fed into a plain network connection.',
      when: (command) =>
        /^(?:nc|ncat|netcat|socket|telnet|socat|openssl|cryptcat|gnutls-cli|nc6)$/.test(command.name) &&
        isFed(command) &&
        (command.name !== 'openssl' || command.args.includes('s_client')) &&
        !loopback.test(command.joined) &&
        !anyArg(command, /^-[a-zA-Z]*[lz]|UNIX-CONNECT|\.sock/i),
    },
    {
      id: 'file-opened-by-relay',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'A relay sends a file to another machine.',
      when: ({ name, args }) =>
        name === 'socat' &&
        args.some((arg) => /^(?:file|open|gopen):|^\/[\w./-]+$|^-u$/i.test(arg)) &&
        args.some((arg) => /^(?:tcp|udp|openssl|ssl|sctp)[\w-]*:/i.test(arg)) &&
        !args.some((arg) => /(?:exec|system):/i.test(arg)) &&
        !args.some((arg) => /listen:|-l:/i.test(arg)) &&
        args.some((arg) => /^(?:file|open|gopen):|^\//i.test(arg)),
    },
    {
      id: 'data-into-network-file',
      technique: 'T1048',
      weight: 'strong',
      reason: 'The shell writes data into a network connection.',
      when: (command) =>
        !isShell(command) &&
        command.name !== 'exec' &&
        command.redirects.some(
          ({ operator, target }) =>
            /^&?>>?&?$/.test(operator) && /\/dev\/(?:tcp|udp)\//.test(target) && !loopback.test(target),
        ) &&
        (/\$\(|`/.test(command.joined) ||
          /^(?:cat|tar|base64|xxd|dd|gzip|mysqldump|pg_dump|head|tail|zip)$/.test(command.name) ||
          isFed(command)),
    },
    {
      id: 'data-into-shell-connection',
      technique: 'T1048',
      weight: 'strong',
      reason: 'The shell opens a connection with its own module and writes a file into it.',
      when: (command, { commands, text }) =>
        command.name === 'ztcp' &&
        /\$\(\s?<|\$\(cat|cat\s/.test(text) &&
        !commands.some((one) => isShell(one) && one.redirects.length >= 2),
    },
    {
      id: 'archive-into-ssh',
      technique: 'T1048.002',
      weight: 'moderate',
      reason: 'Files are piped through ssh into a file on another machine.',
      when: (command) =>
        command.name === 'ssh' && isFed(command) && /\b(?:cat|dd|tee)\b.{0,160}(?:>|of=)|cat\s?>/.test(command.joined),
    },
    {
      id: 'encrypted-or-whole-archive-into-ssh',
      technique: 'T1048.002',
      weight: 'moderate',
      reason: 'An archive of homes or settings, or an encrypted one, is piped through ssh.',
      when: (command) =>
        command.name === 'ssh' &&
        pipeline(command)
          .slice(1)
          .some(
            ({ name, args, joined }) =>
              (name === 'openssl' && !/-d\b/.test(joined)) ||
              (name === 'tar' && args.some((arg) => /^\/(?:\*|etc|root|home|Users)?(?:\/\*?)?$/.test(arg))),
          ),
    },
    {
      id: 'archive-pulled-through-ssh',
      technique: 'T1048.002',
      weight: 'strong',
      reason: 'The settings or homes of another machine are packed there and carried here.',
      when: (command) =>
        command.name === 'ssh' &&
        /\btar\b/.test(command.joined) &&
        /\/(?:etc|root|home)\b/.test(command.joined) &&
        command.redirects.some(({ operator }) => operator === '>'),
    },
    {
      id: 'secret-into-ssh',
      technique: 'T1048.002',
      weight: 'strong',
      reason: 'Secrets or whole homes are sent through ssh.',
      when: (command) =>
        command.name === 'ssh' &&
        isFed(command) &&
        (pipeline(command)
          .slice(1)
          .some((one) => secrets.test(one.joined)) ||
          command.redirects.some(({ operator, target }) => operator === '<' && isValuable(target))),
    },
    {
      id: 'data-in-name-query',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'Data is carried out in the names of DNS queries or in pings.',
      when: (command, { commands, text }) =>
        (/^(?:dig|nslookup|host|drill|kdig|getent)$/.test(command.name) &&
          command.args.some((arg) => substitution.test(arg) && /\.\w/.test(arg)) &&
          /xxd|base64|base32|od\s|hexdump|\$\(cat|while read|for \w+ in|md5|rot13/.test(text)) ||
        (command.name === 'ping' &&
          anyArg(command, /^-[a-z]*p$/) &&
          (substitution.test(command.joined) || commands.some(({ name }) => name === 'xxd'))) ||
        /^(?:dnsexfil\w{0,64}|dnsteal\w{0,64}|det\.py|packetwhisper\w{0,64}|dnsexfiltrator\w{0,64}|icmpexfil\w{0,64})$/.test(
          command.name,
        ),
    },
    {
      id: 'data-in-odd-client',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'A client for directories, printers or logins is used to carry data.',
      when: ({ name, args, joined }) =>
        (name === 'whois' && args.includes('-h') && args.includes('-p')) ||
        (name === 'finger' && /(?:\$\(|`)[^`@]{0,160}`?@/.test(joined)) ||
        (/^(?:cancel|lp|lpr)$/.test(name) && args.includes('-h') && (secrets.test(joined) || /\$\(|`/.test(joined))) ||
        (name === 'cancel' && args.includes('-u') && (args.includes('-h') || /\$\(|`/.test(joined))) ||
        (/^(?:rlogin|rsh|telnet)$/.test(name) && args.includes('-l') && /\$\(|`/.test(joined)) ||
        (name === 'ab' && args.includes('-p')) ||
        (name === 'nmap' && /http-put/.test(joined)) ||
        (name === 'hping3' && /(?:--file|-E)\s/.test(joined)) ||
        (/^(?:cpio|tar)$/.test(name) &&
          /--rsh-command|--rmt-command|^[\w.@-]+:/.test(joined) &&
          secrets.test(joined)) ||
        (name === 'ssh-keyscan' && args.includes('-f')) ||
        (name === 'tclsh' && /socket/.test(joined) && /fcopy|read/.test(joined)),
    },
    {
      id: 'script-sends-file',
      technique: 'T1048',
      weight: 'strong',
      reason: 'A script reads a file and sends it over the network.',
      when: ({ name, joined }) =>
        !/^(?:ba|z|da|k|a)?sh$/.test(name) &&
        /(?:urlopen|requests\.(?:post|put)|http\.client|socket\.socket|TCPSocket|IO::Socket|fsockopen|net\.connect|Net::HTTP|LWP|HTTP::|socket\.tcp|connect\(|require\(["'](?:https?|net)["']\)|java\.net|urllib|\/inet\/tcp)/.test(
          joined,
        ) &&
        /(?:open\s?\(|readFile|createReadStream|file_get_contents|File\.(?:read|open)|io\.open|fopen|readlines|Files\.|IO\.read|read\(|<\s?\w+>|getline)/.test(
          joined,
        ) &&
        /(?:send|post|put|write|print|pipe|data\s?=|body|fputs|fwrite|puts|urlopen)/i.test(joined) &&
        !/urlretrieve|\.git|\bpip\b|wb['"]|recv\(/.test(joined),
    },
    {
      id: 'folder-served-to-anybody',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'A web server for one folder is started from a small tool, open to every network.',
      when: ({ name, args, joined }) =>
        (name === 'httpd' && args.includes('-f') && args.includes('-h')) ||
        (name === 'busybox' && args[0] === 'httpd' && args.includes('-h')) ||
        (name === 'ruby' && /-run\b/.test(joined) && /httpd/.test(joined)) ||
        (name === 'php' && /-S\s(?:0\.0\.0\.0|\*|\[::\]):/.test(joined)) ||
        (/^(?:python|pypy)$/.test(name) &&
          /SimpleHTTPServer|http\.server\s[^-\s]{0,160}\d.{0,160}(?:--directory|-d)\s?\/(?:etc|root|home|var|tmp)?|uploadserver|SocketServer|serve_forever/.test(
            joined,
          )) ||
        (/^(?:plackup|webfsd|twistd|pyftpdlib)$/.test(name) && /\/(?:root|etc)\b|This/.test(joined)),
    },
    {
      id: 'mail-with-secret',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'Secrets or dumps are sent by mail.',
      when: (command) =>
        /^(?:mail|mailx|mutt|sendmail|s-nail|swaks|ssmtp|msmtp|uuencode)$/.test(command.name) &&
        (command.args.some((arg) => secrets.test(arg)) ||
          command.redirects.some(({ operator, target }) => operator === '<' && secrets.test(target)) ||
          pipeline(command)
            .slice(1)
            .some((one) => secrets.test(one.joined))),
    },
    {
      id: 'archive-of-secrets',
      technique: 'T1560.001',
      weight: 'weak',
      reason: 'Secrets are gathered in an archive.',
      when: ({ name, joined }) => /^(?:tar|zip|7z|rar|gpg)$/.test(name) && secrets.test(joined),
    },
  ],
};
