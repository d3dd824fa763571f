// What a secret looks like: names that announce one, options that carry one, and tokens that give themselves away.

/** Last part of a name that announces a secret, alone or glued to a word in front (`pgpassword`, `authtoken`). */
const secretEnding =
  /(?:password|passwd|passwort|passphrase|secret|token|apikey|secretkey|accesskey|authkey|privatekey|signingkey|encryptionkey|masterkey|credentials?)$/;
const secretWords = new Set(
  'pass pwd pw psk jwt bearer cookie sshpass dbpass userpass rootpass requirepass masterauth keypass storepass mysqlpwd sessionid accountkey sharedaccesskey'.split(
    ' ',
  ),
);
/** In front of a word that would else announce a secret: it counts or describes them. */
const harmlessParts = new Set(
  'max min num count total limit ttl no skip file path url uri endpoint type name id'.split(' '),
);

/** `db-password`, `AWS_SECRET_ACCESS_KEY`, `clientSecret`, `spring.datasource.password`; not `tokenizer`, `password-file`, `max-token`. */
export function isSecretName(name: string): boolean {
  if (name.length > 128) return false;
  const parts = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const lastTwo = parts.slice(-2).join('');
  if (parts.length > 1 && harmlessParts.has(parts[0]!)) return false;
  return secretWords.has(last) || secretEnding.test(last) || secretEnding.test(lastTwo) || secretWords.has(lastTwo);
}

/** Not a switch, a variable's name or the path of a file that holds the secret. */
export function isSecretValue(value: string): boolean {
  if (value === '' || value === '-' || value.startsWith('[redacted]')) return false;
  if (/^(true|false|yes|no|on|off|none|null|nil|stdin|prompt|ask)$/i.test(value)) return false;
  if (/^\$[\w{(]/.test(value)) return false;
  if (/^@?\.{0,2}(\/[\w.-]+){2,}$/.test(value)) return false;
  return !/^(file|env|fd):/.test(value);
}

type Rule = { programs: RegExp; attached?: RegExp; next?: RegExp };

/** Where programs keep secrets in options whose names do not tell. `attached` captures the secret in the word itself. */
const rules: readonly Rule[] = [
  {
    programs: /^(mysql|mysqldump|mysqladmin|mysqlimport|mysqlcheck|mysqlsh|mariadb|mariadb-\w+)$/,
    attached: /^-p(.+)$/,
  },
  { programs: /^sshpass$/, attached: /^-p(.+)$/, next: /^-p$/ },
  { programs: /^(7z|7za|7zr|rar|unrar)$/, attached: /^-h?p(.+)$/ },
  { programs: /^(zip|unzip|ipmitool|sqlcmd|bcp|mosquitto_\w+|kinit)$/, attached: /^-P(.+)$/, next: /^-P$/ },
  {
    programs: /^(docker|podman|nerdctl|mongo|mongosh|mongodump|mongorestore|az|helm|oc|rdesktop|useradd|usermod)$/,
    next: /^-p$/,
  },
  { programs: /^(curl|wget|http|https|xh|aria2c)$/, attached: /^-[ua][^:]*:(.+)$/, next: /^-b$/ },
  { programs: /^redis-cli$/, next: /^-a$/ },
  { programs: /^ldap\w+$/, attached: /^-w(.+)$/, next: /^-w$/ },
  { programs: /^snmp\w+$/, next: /^-[cAX]$/ },
  { programs: /^openssl$/, next: /^-[kK]$/ },
  { programs: /^(xfreerdp|wlfreerdp)$/, attached: /^\/p:(.+)$/ },
];

/** Options that ask for `user:secret` or `user%secret`. */
const pairPrograms = /^(curl|wget|http|https|xh|ncat|smbclient|smbmap|rpcclient|net|aria2c)$/;
const pairOption = /^(-[uUa]|--(?:user|proxy-user|proxy-auth|auth))$/;

export type SecretOption = { kind: 'here'; secret: string } | { kind: 'next' } | { kind: 'next-pair' };

/** Where the secret of this word is: in it, or in the next one; undefined when it announces none. */
export function secretOptionOf(program: string, word: string): SecretOption | undefined {
  for (const { programs, attached, next } of rules) {
    if (!programs.test(program)) continue;
    if (next?.test(word)) return { kind: 'next' };
    const secret = attached?.exec(word)?.[1];
    if (secret !== undefined && isSecretValue(secret)) return { kind: 'here', secret };
  }
  if (pairPrograms.test(program)) {
    if (pairOption.test(word)) return { kind: 'next-pair' };
    const secret = /^--(?:user|proxy-user|proxy-auth|auth)=[^:]{0,128}:(.+)$/.exec(word)?.[1];
    if (secret !== undefined) return { kind: 'here', secret };
  }
  const passphrase = /^pass:(.+)$/.exec(word)?.[1];
  return passphrase === undefined ? undefined : { kind: 'here', secret: passphrase };
}

/** The second half of `user:secret`; undefined where the word is no such pair. */
export function secretOfPair(word: string): string | undefined {
  return /^[^:%]{0,128}[:%](.+)$/.exec(word)?.[1];
}

/** Shapes that issuers gave their tokens, so that they can be found. Each is bounded and has one way to match. */
const shapes: readonly RegExp[] = [
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/g,
  /\b(?:glpat|gldt|glrt|glcbt)-[A-Za-z0-9_-]{16,255}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,255}/g,
  /\bsk-[A-Za-z0-9_-]{20,255}/g,
  /\bwhsec_[A-Za-z0-9+/=]{16,255}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bya29\.[A-Za-z0-9_-]{20,1024}/g,
  /\beyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{0,4096}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bpypi-[A-Za-z0-9_-]{32,512}/g,
  /\bdo[opr]_v1_[a-f0-9]{64}/g,
  /\bhv[sbr]\.[A-Za-z0-9_-]{20,255}/g,
  /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g,
  /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g,
  /\bhf_[A-Za-z0-9]{20,64}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{40,80}/g,
  /\bSWMTKN-1-[a-z0-9-]{40,128}/g,
  /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/g,
  /(?<=hooks\.slack\.com\/services\/)[A-Za-z0-9/]{20,80}/g,
  /(?<=discord(?:app)?\.com\/api\/webhooks\/\d{1,24}\/)[\w-]{40,100}/g,
  /-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----[^-]{0,16384}(?:-----END [A-Z ]{0,24}PRIVATE KEY-----)?/g,
];

/** Capture 1 stays, the rest of the match goes. */
const contexts: readonly RegExp[] = [
  /(:\/\/[^\s/:@]{0,256}:)[^\s/]{1,512}(?=@)/g,
  /(\b(?:Proxy-)?Authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:Basic|Bearer|Token|Digest|ApiKey|Negotiate)?\s{0,4})[^\s"',;]{1,8192}/gi,
  /(\bBearer\s{1,4})[\w.~+/=-]{8,8192}/gi,
  /(\b(?:X-[\w-]{0,32}(?:Token|Key|Secret|Password)|Private-Token|Api-Key|Set-Cookie|Cookie)\s{0,4}:\s{0,4})[^\r\n"']{1,8192}/gi,
  /([?&](?:[\w-]{0,32}(?:token|secret|password|passwd|api_?key|apikey|signature|sig)|key|code|auth|pwd)=)[^&\s#"']{1,8192}/gi,
  /(["'][\w.-]{0,32}(?:password|passwd|passphrase|secret|token|api_?key|private_?key|access_?key)["']\s{0,4}:\s{0,4}["'])(?:[^"'\\]|\\.){1,8192}/gi,
  /(\b(?:AccountKey|SharedAccessKey|SharedSecretKey|Password|Pwd)\s{0,2}=\s{0,2})[^;\s"']{1,1024}(?=;|$|["'])/gi,
  /(\becho\s{1,4}(?:-\w{1,4}\s{1,4})?)[^\s|]{1,512}(?=\s{0,4}\|\s{0,4}(?:sudo -\w{0,4}S|chpasswd|passwd --stdin|(?:docker|podman|helm|oras|crane)\b[^|]{0,256}--password-stdin))/g,
];

/** Replaces what gives itself away wherever it stands: tokens by shape, passwords in URLs and headers, long random strings. */
export function redactTokens(text: string, mark: string): string {
  let clean = text;
  for (const context of contexts) clean = clean.replace(context, (_, kept: string) => kept + mark);
  for (const shape of shapes) clean = clean.replace(shape, mark);
  return clean.replace(randomLooking, (found, offset: number, whole: string) => {
    const before = whole.slice(Math.max(0, offset - 16), offset);
    return looksRandom(found) && !/(SHA256:|sha(256|384|512)-?|buildid=)$/i.test(before) ? mark : found;
  });
}

const randomLooking = /[A-Za-z0-9+/_-]{32,1024}={0,2}/g;

/** A path is judged folder by folder. */
function looksRandom(text: string): boolean {
  if (!/^\/[a-z]{2,}\//.test(text)) return isRandom(text);
  return text.split('/').some((part) => part.length >= 32 && isRandom(part));
}

/**
 * Keys in base64 change between capitals, small letters and digits at every second character; paths, class names, hex
 * digests and UUIDs do not, or lack one of the three. Bare hex is left alone: as a digest it is needed, and nothing tells
 * it from a key.
 */
function isRandom(text: string): boolean {
  if (/^[0-9a-fA-F-]+$/.test(text) || /^(sha\d{1,3}-|AAAA[BCE][23])/.test(text)) return false;
  if (!/[A-Z]/.test(text) || !/[a-z]/.test(text) || !/\d/.test(text)) return false;
  let changes = 0;
  let letters = 0;
  let before = 0;
  for (const letter of text) {
    const kind = kindOf(letter);
    if (kind === 0) continue;
    if (letters++ > 0 && kind !== before) changes++;
    before = kind;
  }
  return letters >= 28 && changes / letters > 0.36;
}

function kindOf(letter: string): 0 | 1 | 2 | 3 {
  if (letter >= 'a' && letter <= 'z') return 1;
  if (letter >= 'A' && letter <= 'Z') return 2;
  return letter >= '0' && letter <= '9' ? 3 : 0;
}
