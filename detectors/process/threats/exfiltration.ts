// Data that leaves the machine: uploads, files fed into connections, archives piped away, names that carry data.
// Class: GTFOBins "file-upload", Sigma "Data Exfiltration with Curl/Wget", Elastic "Potential data exfiltration"; T1048, T1567, T1041.
import type { Command } from './shell/command.ts';
import { anyArg, isShell, pipeline } from './shell/look.ts';
import { secrets, valuables, worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

/** Services that take files or messages from anybody, or that wait for test requests. */
const dropPlaces =
  /\b(?:transfer\.sh|file\.io|0x0\.st|termbin\.com|pastebin\.com|paste\.ee|ix\.io|sprunge\.us|dpaste\.\w+|hastebin\.com|ghostbin|rentry\.co|bashupload\.com|temp\.sh|oshi\.at|anonfiles?\.com|gofile\.io|filebin\.net|uguu\.se|catbox\.moe|tmpfiles\.org|webhook\.site|requestbin\.\w+|pipedream\.net|interact\.sh|oast\.\w+|oastify\.com|burpcollaborator\.net|dnslog\.\w+|canarytokens\.\w+|discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org|hooks\.slack\.com|content\.dropboxapi\.com|api\.dropbox\.com|upload\.mega|ngrok\.(?:io|app)|requestcatcher\.com|beeceptor\.com|mockbin\.\w+)\b/;

const local = /(?:^|[/@\s=])(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/\s]|$)/;
const packers =
  /^(?:tar|zip|gzip|bzip2|xz|zstd|7z|base64|xxd|dd|cat|cpio|mysqldump|pg_dump|pg_dumpall|mongodump|find|openssl|gpg|rar|hexdump|od)$/;
const uploadOption = /^(?:-[a-zA-Z]*[Td]|-F|--form|--data(?:-binary|-raw|-urlencode|-ascii)?|--upload-file|--json)$/;

/** What curl is told to send: the values of its options for bodies, forms and uploads. */
function sentByCurl(command: Command): string[] {
  const values: string[] = [];
  for (const [at, arg] of command.args.entries()) {
    if (uploadOption.test(arg))
      values.push(/T$|upload-file$/.test(arg) ? `@${command.args[at + 1] ?? ''}` : (command.args[at + 1] ?? ''));
    const attached = /^(?:-d|-F|--data(?:-binary|-raw|-urlencode)?=|--form=|--upload-file=|-T)(.+)$/.exec(arg)?.[1];
    if (attached !== undefined && !uploadOption.test(arg))
      values.push(/^(?:-T|--upload)/.test(arg) ? `@${attached}` : attached);
  }
  return values;
}

const sendsFile = (value: string): boolean => /(?:^|=)[@<]./.test(value);

function isUpload(command: Command): boolean {
  return (
    command.name === 'curl' && !local.test(command.joined) && sentByCurl(command).some((value) => sendsFile(value))
  );
}

/** Data that a pipe or a redirection feeds into the command. */
function isFed(command: Command): boolean {
  if (
    command.redirects.some(
      ({ operator, target }) =>
        operator === '<' && !/^\/dev\/(?:null|zero|tty|stdin)|\$|fifo|pipe/.test(target) && target !== '',
    )
  )
    return true;
  return pipeline(command)
    .slice(1)
    .some(({ name }) => packers.test(name));
}

const isSecret = (text: string): boolean => secrets.test(text) || valuables.test(text);
const substitution = /\$\(|`|\$\{?\w+/;
const copiers =
  /^(?:scp|rsync|sftp|pscp|psftp|rclone|lftp|ncftpput|tftp|ftp|smbclient|aws|gsutil|gcloud|az|azcopy|s3cmd|mc|b2|megaput|mega-put|croc|wormhole|restic|borg|unison)$/;

/** A copy of secrets to another place: source first, destination last. */
function copiesSecretsAway({ name, args, joined }: Command): boolean {
  if (!copiers.test(name)) return false;
  const sendsOff =
    /(?:^|\s)(?:[\w.-]+@)?[\w.-]+:(?!\/\/)\S*\s*$|\b(?:s3|gs|b2|https?|rest|sftp|ftp|rsync|az|azure|mega|dropbox|gdrive|remote):/.test(
      joined,
    ) || /\b(?:put|upload|send|copyto|backup)\b/.test(joined);
  return (
    sendsOff &&
    args
      .slice(0, -1)
      .concat(/^(?:restic|croc|tftp|wormhole)$/.test(name) ? args.slice(-1) : [])
      .some((arg) => secrets.test(arg))
  );
}

export const exfiltration: Family = {
  name: 'exfiltration',
  category: 'data_exfiltration',
  rules: [
    {
      id: 'file-posted',
      technique: 'T1048',
      weight: 'moderate',
      reason: 'A file is sent to another machine in the body of a request.',
      when: (command) =>
        isUpload(command) ||
        (command.name === 'wget' && anyArg(command, /^--(?:post|body)-file/) && !local.test(command.joined)),
    },
    {
      id: 'file-posted-by-wget',
      technique: 'T1048',
      weight: 'moderate',
      reason: 'A downloader is used to upload.',
      when: (command) =>
        command.name === 'wget' &&
        anyArg(command, /^--(?:(?:post|body)-file|post-data|body-data|method=(?:PUT|POST))/) &&
        !local.test(command.joined),
    },
    {
      id: 'upload-without-checks',
      technique: 'T1048.002',
      weight: 'moderate',
      reason: 'An upload whose receiver is a bare address or is not verified.',
      when: (command) =>
        (isUpload(command) || (command.name === 'wget' && anyArg(command, /^--(?:post|body)-(?:file|data)/))) &&
        (/^(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure|--no-check-certificate)$/m.test(command.args.join('\n')) ||
          /(?:https?|ftp):\/\/(?:\d{1,3}\.){3}\d{1,3}|^(?:\d{1,3}\.){3}\d{1,3}[:/]/.test(command.joined) ||
          anyArg(command, /^(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:\/|$)/)),
    },
    {
      id: 'upload-to-odd-port',
      technique: 'T1048',
      weight: 'moderate',
      reason: 'An upload goes to a port that web servers do not use.',
      when: (command) =>
        (isUpload(command) || (command.name === 'wget' && anyArg(command, /^--(?:post|body)-(?:file|data)/))) &&
        /[\w.]:(?!80\b|443\b|8080\b|8443\b|9200\b|9091\b|3000\b)\d{2,5}\b/.test(command.joined),
    },
    {
      id: 'secret-posted',
      technique: 'T1048',
      weight: 'strong',
      reason: 'A file of secrets, or a dump, is uploaded.',
      when: (command) =>
        (command.name === 'curl' &&
          sentByCurl(command).some((value) => sendsFile(value) && isSecret(value.replace(/^[^@<]*[@<]/, '')))) ||
        (/^(?:wget|http|lwp-request|ab)$/.test(command.name) &&
          command.args.some(
            (arg) => /^(?:--(?:post|body)-file=|-p$|-u$|@)/.test(arg) && isSecret(arg.replace(/^[^=]*=/, '')),
          )),
    },
    {
      id: 'data-piped-into-upload',
      technique: 'T1048',
      weight: 'strong',
      reason: 'An archive or a dump is piped into an upload without touching the disk.',
      when: (command) =>
        pipeline(command).length > 1 &&
        isFed(command) &&
        ((command.name === 'curl' &&
          !local.test(command.joined) &&
          sentByCurl(command).some((value) => /^@(?:-|\.|)$|^@?-$|[=]@-|<-/.test(value))) ||
          (command.name === 'wget' && anyArg(command, /post-file/))),
    },
    {
      id: 'sent-to-drop-service',
      technique: 'T1567',
      weight: 'moderate',
      reason: 'Data is sent to a service that takes files or messages from anybody.',
      when: (command) =>
        dropPlaces.test(command.joined) &&
        ((command.name === 'curl' && sentByCurl(command).length > 0) ||
          (command.name === 'wget' && anyArg(command, /^--(?:post|body)-/)) ||
          (/^(?:nc|ncat|netcat|ssh)$/.test(command.name) && isFed(command))),
    },
    {
      id: 'file-to-drop-service',
      technique: 'T1567',
      weight: 'moderate',
      reason: 'A file or the output of a program is left at a public drop.',
      when: (command) =>
        dropPlaces.test(command.joined) &&
        ((command.name === 'curl' && sentByCurl(command).some((value) => sendsFile(value) || /\$\(|`/.test(value))) ||
          isFed(command) ||
          (command.name === 'wget' && anyArg(command, /^--(?:post|body)-file/))),
    },
    {
      id: 'file-fed-to-connection',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'A file or an archive is fed into a plain network connection.',
      when: (command) =>
        /^(?:nc|ncat|netcat|socket|telnet|socat|openssl|cryptcat|gnutls-cli|nc6)$/.test(command.name) &&
        isFed(command) &&
        (command.name !== 'openssl' || command.args.includes('s_client')) &&
        !local.test(command.joined) &&
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
            /^&?>>?&?$/.test(operator) && /\/dev\/(?:tcp|udp)\//.test(target) && !local.test(target),
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
        command.name === 'ssh' && isFed(command) && /\b(?:cat|dd|tee)\b.*(?:>|of=)|cat\s?>/.test(command.joined),
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
      id: 'cloud-copy-with-own-settings',
      technique: 'T1567.002',
      weight: 'strong',
      reason:
        'Data is copied to a cloud with settings from a hidden or temporary file, or from a whole tree of the system.',
      when: ({ name, args, joined, program }) =>
        /^(?:rclone|mega-put|megaput|megacopy|s3cmd|aws|gsutil|azcopy|mc)$/.test(name) &&
        /\b(?:copy|sync|move|copyto|cp|put|mirror)\b|megaput|mega-put|megacopy/.test(`${name} ${joined}`) &&
        (/--config[= ](?:\/tmp|\/dev\/shm|\/var\/tmp|\S*\/\.)/.test(joined) ||
          worldWritable.test(program) ||
          args.some((arg) => /^\/(?:etc|root|home|home\/\w+|var\/lib\/(?:mysql|postgresql))?\/?$/.test(arg))),
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
          command.redirects.some(({ operator, target }) => operator === '<' && isSecret(target))),
    },
    {
      id: 'secret-copied-away',
      technique: 'T1048.002',
      weight: 'strong',
      reason: 'A file of secrets is copied to another machine.',
      when: copiesSecretsAway,
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
        /^(?:dnsexfil\w*|dnsteal\w*|det\.py|packetwhisper\w*|dnsexfiltrator\w*|icmpexfil\w*)$/.test(command.name),
    },
    {
      id: 'data-in-odd-client',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'A client for directories, printers or logins is used to carry data.',
      when: ({ name, args, joined }) =>
        (name === 'whois' && args.includes('-h') && args.includes('-p')) ||
        (name === 'finger' && /(?:\$\(|`).*@/.test(joined)) ||
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
          /SimpleHTTPServer|http\.server\s[^-\s]*\d.*(?:--directory|-d)\s?\/(?:etc|root|home|var|tmp)?|uploadserver|SocketServer|serve_forever/.test(
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
      id: 'ftp-upload-of-data',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'Data is put on another machine by FTP or TFTP from a command line.',
      when: (command) =>
        (/^(?:curl)$/.test(command.name) &&
          sentByCurl(command).some((value) => value.startsWith('@') && isSecret(value)) &&
          /\bt?ftps?:\/\//.test(command.joined)) ||
        (/^(?:tftp|ftp|lftp|smbclient|sftp|psftp)$/.test(command.name) &&
          (/\bput\b/.test(command.joined) ||
            command.redirects.some(({ operator, target }) => operator.startsWith('<<') && /\bput\b/.test(target))) &&
          isSecret(`${command.joined}\n${command.redirects.map(({ target }) => target).join('\n')}`)),
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
