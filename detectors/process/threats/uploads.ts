// Data that leaves by the tools made for transfers: curl and wget, copy programs, clouds, services that take files from anybody.
// Class: GTFOBins "file-upload", Sigma "Data Exfiltration with Curl/Wget"; T1048, T1567.
import type { Command } from './shell/command.ts';
import { anyArg, isFed, pipeline } from './shell/look.ts';
import { isValuable, loopback, secrets, worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

/** Services that take files or messages from anybody, or that wait for test requests. */
const dropPlaces =
  /\b(?:transfer\.sh|file\.io|0x0\.st|termbin\.com|pastebin\.com|paste\.ee|ix\.io|sprunge\.us|dpaste\.\w+|hastebin\.com|ghostbin|rentry\.co|bashupload\.com|temp\.sh|oshi\.at|anonfiles?\.com|gofile\.io|filebin\.net|uguu\.se|catbox\.moe|tmpfiles\.org|webhook\.site|requestbin\.\w+|pipedream\.net|interact\.sh|oast\.\w+|oastify\.com|burpcollaborator\.net|dnslog\.\w+|canarytokens\.\w+|discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org|hooks\.slack\.com|content\.dropboxapi\.com|api\.dropbox\.com|upload\.mega|ngrok\.(?:io|app)|requestcatcher\.com|beeceptor\.com|mockbin\.\w+)\b/;

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
    command.name === 'curl' && !loopback.test(command.joined) && sentByCurl(command).some((value) => sendsFile(value))
  );
}

const copiers =
  /^(?:scp|rsync|sftp|pscp|psftp|rclone|lftp|ncftpput|tftp|ftp|smbclient|aws|gsutil|gcloud|az|azcopy|s3cmd|mc|b2|megaput|mega-put|croc|wormhole|restic|borg|unison)$/;

/** A copy of secrets to another place: source first, destination last. */
function copiesSecretsAway({ name, args, joined }: Command): boolean {
  if (!copiers.test(name)) return false;
  const sendsOff =
    /(?:^|\s)(?:[\w.-]+@)?[\w.-]+:(?!\/\/)\S{0,160}\s*$|\b(?:s3|gs|b2|https?|rest|sftp|ftp|rsync|az|azure|mega|dropbox|gdrive|remote):/.test(
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

export const uploads: Family = {
  name: 'uploads',
  category: 'data_exfiltration',
  rules: [
    {
      id: 'file-posted',
      technique: 'T1048',
      weight: 'moderate',
      reason: 'A file is sent to another machine in the body of a request.',
      when: (command) =>
        isUpload(command) ||
        (command.name === 'wget' && anyArg(command, /^--(?:post|body)-file/) && !loopback.test(command.joined)),
    },
    {
      id: 'file-posted-by-wget',
      technique: 'T1048',
      weight: 'moderate',
      reason: 'A downloader is used to upload.',
      when: (command) =>
        command.name === 'wget' &&
        anyArg(command, /^--(?:(?:post|body)-file|post-data|body-data|method=(?:PUT|POST))/) &&
        !loopback.test(command.joined),
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
          sentByCurl(command).some(
            (value) => sendsFile(value) && isValuable(value.replace(/^[^@<]{0,160}[@<]/, '')),
          )) ||
        (/^(?:wget|http|lwp-request|ab)$/.test(command.name) &&
          command.args.some(
            (arg) => /^(?:--(?:post|body)-file=|-p$|-u$|@)/.test(arg) && isValuable(arg.replace(/^[^=]{0,160}=/, '')),
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
          !loopback.test(command.joined) &&
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
      id: 'cloud-copy-with-own-settings',
      technique: 'T1567.002',
      weight: 'strong',
      reason:
        'Data is copied to a cloud with settings from a hidden or temporary file, or from a whole tree of the system.',
      when: ({ name, args, joined, program }) =>
        /^(?:rclone|mega-put|megaput|megacopy|s3cmd|aws|gsutil|azcopy|mc)$/.test(name) &&
        /\b(?:copy|sync|move|copyto|cp|put|mirror)\b|megaput|mega-put|megacopy/.test(`${name} ${joined}`) &&
        (/--config[= ](?:\/tmp|\/dev\/shm|\/var\/tmp|\S{0,160}\/\.)/.test(joined) ||
          worldWritable.test(program) ||
          args.some((arg) => /^\/(?:etc|root|home|home\/\w+|var\/lib\/(?:mysql|postgresql))?\/?$/.test(arg))),
    },
    {
      id: 'secret-copied-away',
      technique: 'T1048.002',
      weight: 'strong',
      reason: 'A file of secrets is copied to another machine.',
      when: copiesSecretsAway,
    },
    {
      id: 'ftp-upload-of-data',
      technique: 'T1048.003',
      weight: 'strong',
      reason: 'Data is put on another machine by FTP or TFTP from a command line.',
      when: (command) =>
        (/^(?:curl)$/.test(command.name) &&
          sentByCurl(command).some((value) => value.startsWith('@') && isValuable(value)) &&
          /\bt?ftps?:\/\//.test(command.joined)) ||
        (/^(?:tftp|ftp|lftp|smbclient|sftp|psftp)$/.test(command.name) &&
          (/\bput\b/.test(command.joined) ||
            command.redirects.some(({ operator, target }) => operator.startsWith('<<') && /\bput\b/.test(target))) &&
          isValuable(`${command.joined}\n${command.redirects.map(({ target }) => target).join('\n')}`)),
    },
  ],
};
