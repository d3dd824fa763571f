// Networks used to find a way in: scans, password guessing, listening in, traffic turned aside.
// Class: Falco "Network tool launched", Sigma "Network sniffing"; T1046, T1040, T1110, T1557.
import type { Command } from './shell/command.ts';
import { anyArg, hasLetters, isElevated, named } from './shell/look.ts';
import { worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

const guessers = words(
  'hydra medusa ncrack patator crowbar brutespray thc-hydra sucrack kerbrute crackmapexec cme netexec nxc sprayhound',
);
const interceptors = words(
  'responder bettercap ettercap arpspoof dnsspoof macof yersinia mitm6 ntlmrelayx mitmf sslstrip dsniff evil-trust arp-spoof impacket-ntlmrelayx',
);
const wideScanners = words('masscan zmap unicornscan zgrab zgrab2 rustscan naabu fscan pnscan');
const sniffers = words('tcpdump tshark dumpcap tcpflow ngrep ssldump netsniff-ng snoop');
const hidden = /\/\.[^/.][^/]{0,160}$/;

function isElevation({ name }: Command): boolean {
  return /^(?:sudo|doas|timeout|nohup|ip|setsid)$/.test(name);
}

export const suspiciousNetwork: Family = {
  name: 'suspicious-network',
  category: 'suspicious_network',
  rules: [
    {
      id: 'internet-wide-scanner',
      technique: 'T1046',
      weight: 'strong',
      reason: 'A scanner made for whole networks is running.',
      when: (command) =>
        named(command, wideScanners) &&
        anyArg(command, /^(?:-p|--ports?|-p\S{0,160}\d\S{0,160}|--rate)|\/\d{1,2}$|^(?:--range|-iL|-h)$/),
    },
    {
      id: 'scan-of-a-network',
      technique: 'T1046',
      weight: 'moderate',
      reason: 'A port scan of a whole network.',
      when: ({ name, args }) =>
        name === 'nmap' &&
        args.some((arg) => /^\d+\.\d+\.\d+\.\d+\/(?:[89]|1\d|2\d)$/.test(arg)) &&
        args.some((arg) => /^-(?:s[STUFXNA]|p|Pn|A|T[45])/.test(arg)),
    },
    {
      id: 'scan-in-hiding',
      technique: 'T1046',
      weight: 'moderate',
      reason: 'A scan that hides its sender or tries attacks.',
      when: ({ name, joined }) =>
        name === 'nmap' &&
        /(?:-D\s?(?:RND|[\d.]+,)|--spoof-mac|-S\s[\d.]+|--script[= ]?\S{0,160}(?:vuln|brute|exploit|dos)|-f\s|--data-length|-sI\s|-b\s)/.test(
          joined,
        ),
    },
    {
      id: 'scan-by-shell-loop',
      technique: 'T1046',
      weight: 'moderate',
      reason: 'Ports or addresses are tried one after the other in a loop.',
      when: (command, { text, commands }) =>
        (/\/dev\/tcp\/[^\s/]{0,160}\$/.test(text) ||
          (command.name === 'nc' && hasLetters(command, 'z') && anyArg(command, /\$|\d-\d/)) ||
          (command.name === 'ping' && anyArg(command, /\.\$/))) &&
        (commands.some(({ name }) => name === 'for' || name === 'seq') ||
          (command.name === 'nc' && anyArg(command, /^\d+-\d{4,5}$/))),
    },
    {
      id: 'password-guesser',
      technique: 'T1110',
      weight: 'strong',
      reason: 'A program made to guess passwords is running.',
      when: (command) => named(command, guessers) && command.args.length > 1,
    },
    {
      id: 'password-guessing-loop',
      technique: 'T1110',
      weight: 'strong',
      reason: 'Logins with passwords from a list are tried in a loop.',
      when: (command, { commands }) =>
        (command.name === 'sshpass' || (command.name === 'su' && command.previous !== undefined)) &&
        (commands.some(({ name }) => /^(?:for|while|read|cat)$/.test(name)) || command.under.includes('xargs')) &&
        (command.args.some((arg) => /[$`]/.test(arg)) || command.name === 'su'),
    },
    {
      id: 'account-for-guessing',
      technique: 'T1110',
      weight: 'strong',
      reason: 'A script that guesses passwords is fetched and run.',
      when: ({ name, joined }) => /^(?:curl|wget)$/.test(name) && /brute|spray|password.?guess|crack/i.test(joined),
    },
    {
      id: 'interception-tool',
      technique: 'T1557',
      weight: 'strong',
      reason: 'A program made to redirect and read the traffic of other machines.',
      when: (command) => named(command, interceptors) && command.args.length > 0,
    },
    {
      id: 'capture-to-hidden-file',
      technique: 'T1040',
      weight: 'strong',
      reason: 'Network traffic is recorded into a hidden or temporary file.',
      when: (command) =>
        named(command, sniffers) &&
        command.args.some(
          (arg, at) => /^-[a-z]*w$/.test(command.args[at - 1] ?? '') && (worldWritable.test(arg) || hidden.test(arg)),
        ),
    },
    {
      id: 'capture-in-a-script',
      technique: 'T1040',
      weight: 'strong',
      reason: 'A script records traffic from a network interface on the way, without a person watching.',
      when: (command, { commands }) =>
        named(command, sniffers) &&
        anyArg(command, /^-[a-zA-Z]*[icw]$/) &&
        commands.some(
          (one) => one !== command && !isElevation(one) && !one.name.endsWith('sh') && one.previous !== command,
        ),
    },
    {
      id: 'capture-of-credentials',
      technique: 'T1040',
      weight: 'strong',
      reason: 'Network traffic is searched for passwords.',
      when: ({ name, joined }, { text }) =>
        /^(?:tcpdump|tshark|ngrep)$/.test(name) &&
        /port (?:21|23|25|110|143|3306|5432|6379)|port (?:ftp|telnet|pop3|imap)/.test(joined) &&
        /-A|pass|user|-w/.test(text),
    },
    {
      id: 'raw-socket-program-in-writable-folder',
      technique: 'T1040',
      weight: 'strong',
      reason: 'A program from a temporary folder runs as root with the options of a sniffer.',
      when: (command) =>
        isElevated(command) && worldWritable.test(command.program) && /pcap|sniff|capture/.test(command.name),
    },
    {
      id: 'elevated-from-writable-folder',
      technique: 'T1040',
      weight: 'moderate',
      reason: 'A program from a folder that anybody may write is started as root.',
      when: (command) => isElevated(command) && worldWritable.test(command.program),
    },
    {
      id: 'raw-socket-in-script',
      technique: 'T1040',
      weight: 'strong',
      reason: 'A script opens a raw socket to read all traffic.',
      when: ({ name, joined }) =>
        /^(?:python|perl|ruby|node|php)$/.test(name) && /AF_PACKET|SOCK_RAW|scapy.{0,80}sniff/.test(joined),
    },
    {
      id: 'traffic-redirected',
      technique: 'T1557',
      weight: 'moderate',
      reason: 'Traffic of other machines is passed on and redirected.',
      when: ({ name, joined }, { text }) =>
        name === 'iptables' && /-j (?:REDIRECT|DNAT|MASQUERADE)/.test(joined) && /ip_forward/.test(text),
    },
  ],
};
