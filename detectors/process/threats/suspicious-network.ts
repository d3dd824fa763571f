// Networks used in ways that servers seldom need: tunnels, proxies for others, scans, password guessing, listening in.
// Class: Sigma "Suspicious tunneling", Falco "Network tool launched", Elastic "Linux tunneling and port forwarding";
// T1572, T1090, T1046, T1040, T1110, T1557.
import type { Command } from './shell/command.ts';
import { anyArg, hasLetters, isElevated, named } from './shell/look.ts';
import { worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Programs made to carry traffic past a firewall. */
const tunnels = words(
  'chisel ligolo-ng ligolo-agent ligolo-proxy revsocks earthworm ew gs-netcat gsocket iodine iodined dns2tcpc dns2tcpd dnscat dnscat2 ptunnel ptunnel-ng ' +
    'icmptunnel icmpsh icmpdoor hans npc nps venom stowaway lcx htran reverse_ssh rssh pwnat udp2raw revssh regeorg neoreg rsocks ssf',
);

/** Tunnels that developers use as well. */
const everydayTunnels = words(
  'frpc frps ngrok bore gost rathole wstunnel sish cloudflared localtunnel lt inlets sshuttle',
);
const guessers = words(
  'hydra medusa ncrack patator crowbar brutespray thc-hydra sucrack kerbrute crackmapexec cme netexec nxc sprayhound',
);
const interceptors = words(
  'responder bettercap ettercap arpspoof dnsspoof macof yersinia mitm6 ntlmrelayx mitmf sslstrip dsniff evil-trust arp-spoof impacket-ntlmrelayx',
);
const wideScanners = words('masscan zmap unicornscan zgrab zgrab2 rustscan naabu fscan pnscan');
const sniffers = words('tcpdump tshark dumpcap tcpflow ngrep ssldump netsniff-ng snoop');
const hidden = /\/\.[^/.][^/]*$/;

/** Options that forward ports or open a proxy, and those that keep ssh in the background without a program. */
function forwards(command: Command): boolean {
  return command.name === 'ssh' || command.name === 'autossh' || command.name === 'plink';
}
const reverseForward = /^-[a-zA-Z]*R$|^-R\S|RemoteForward/;
const dynamicForward = /^-[a-zA-Z]*D$|^-D\S|DynamicForward/;

function isInBackground(command: Command): boolean {
  return (
    anyArg(command, /^-[a-zA-Z]*f[a-zA-Z]*$/) ||
    command.name === 'autossh' ||
    command.under.includes('nohup') ||
    command.under.includes('setsid')
  );
}

function isElevation({ name }: Command): boolean {
  return /^(?:sudo|doas|timeout|nohup|ip|setsid)$/.test(name);
}

export const suspiciousNetwork: Family = {
  name: 'suspicious-network',
  category: 'suspicious_network',
  rules: [
    {
      id: 'tunnel-program',
      technique: 'T1572',
      weight: 'strong',
      reason: 'A program made to tunnel past firewalls.',
      when: (command) =>
        named(command, tunnels) && command.args.length > 0 && !anyArg(command, /^(?:--?help|--?version|-v)$/),
    },
    {
      id: 'everyday-tunnel',
      technique: 'T1572',
      weight: 'moderate',
      reason: 'A tunnel to a service outside is opened.',
      when: (command) =>
        named(command, everydayTunnels) &&
        command.args.length > 0 &&
        !anyArg(command, /^(?:--?help|--?version|-v|login|update)$/),
    },
    {
      id: 'tunnel-to-remote-login',
      technique: 'T1572',
      weight: 'moderate',
      reason: 'A tunnel offers the login of this machine, or a raw port, to the outside.',
      when: ({ name, args, joined }) =>
        everydayTunnels.has(name) &&
        (args.includes('tcp') || /:22\b|ssh:\/\/|tcp:\/\/|socks5?:|access|--url/.test(joined)),
    },
    {
      id: 'tunnel-of-an-editor',
      technique: 'T1572',
      weight: 'strong',
      reason: 'A developer tool opens this machine to the outside.',
      when: ({ name, args }) =>
        (/^code(?:-insiders|-server)?$/.test(name) && args[0] === 'tunnel') ||
        (name === 'devtunnel' && args[0] === 'host'),
    },
    {
      id: 'tunnel-to-outside',
      technique: 'T1572',
      weight: 'strong',
      reason: 'A tunnel is opened from a hidden or temporary place, or offers a way in or a proxy to the other side.',
      when: (command) =>
        ((named(command, tunnels) || named(command, everydayTunnels)) &&
          (worldWritable.test(command.program) || hidden.test(command.program))) ||
        /(?:^|\s)R:(?:socks|\d+)|\bclient\b.+\bR:/.test(command.joined),
    },
    {
      id: 'reverse-port-forward',
      technique: 'T1572',
      weight: 'strong',
      reason: 'ssh opens a port on the other machine that leads back in, and stays in the background.',
      when: (command) => forwards(command) && anyArg(command, reverseForward) && isInBackground(command),
    },
    {
      id: 'proxy-through-ssh',
      technique: 'T1090',
      weight: 'strong',
      reason: 'ssh offers a proxy in the background, reachable by others or without checking the host.',
      when: (command) =>
        forwards(command) &&
        anyArg(command, dynamicForward) &&
        (isInBackground(command) || anyArg(command, /^(?:0\.0\.0\.0|\*):\d+$|^-D(?:0\.0\.0\.0|\*)/)) &&
        (hasLetters(command, 'fN') || anyArg(command, /StrictHostKeyChecking=no/)),
    },
    {
      id: 'forward-open-to-all',
      technique: 'T1572',
      weight: 'moderate',
      reason: 'A forwarded port is opened to every network.',
      when: (command) =>
        forwards(command) && (anyArg(command, /^(?:-[LR])?(?:0\.0\.0\.0|\*):\d+:/) || hasLetters(command, 'gN')),
    },
    {
      id: 'tunnel-device-through-ssh',
      technique: 'T1572',
      weight: 'moderate',
      reason: 'ssh opens a network device on both ends.',
      when: (command) => forwards(command) && anyArg(command, /^-w(?:\d|any|$)|^Tunnel=/),
    },
    {
      id: 'relay-between-addresses',
      technique: 'T1090',
      weight: 'strong',
      reason: 'A relay passes connections from a port on to another machine.',
      when: ({ name, joined }) =>
        name === 'socat' &&
        /(?:tcp|openssl|udp|ssl)\w*-l(?:isten)?:\d+\S*,(?:\S*,)?(?:fork|reuseaddr)/i.test(joined) &&
        /\s(?:tcp|openssl|udp|socks4?a?|ssl)\w*:(?!(?:localhost|127\.|::1))[\w.[\]-]+:\d+/i.test(joined),
    },
    {
      id: 'proxy-chain',
      technique: 'T1090.003',
      weight: 'strong',
      reason: 'A program is sent through a chain of proxies.',
      when: ({ name, args }) => /^(?:proxychains(?:4|-ng)?|proxyresolv|graftcp)$/.test(name) && args.length > 0,
    },
    {
      id: 'traffic-through-tor',
      technique: 'T1090.003',
      weight: 'moderate',
      reason: 'A program reaches the network through Tor.',
      when: ({ name, args, joined }) =>
        (/^(?:torify|torsocks|anonsurf|nipe)$/.test(name) && args.length > 0) ||
        /\b(?:socks5h?:\/\/)?(?:127\.0\.0\.1|localhost):9050\b/.test(joined) ||
        /\.onion\b/.test(joined),
    },
    {
      id: 'proxy-set-to-this-machine',
      technique: 'T1090.001',
      weight: 'strong',
      reason: 'Downloads are sent through a proxy on the machine itself.',
      when: ({ name, args, assignments }, { commands }) =>
        [...assignments, ...(name === 'export' ? args : [])].some((one) =>
          /^(?:https?|all|ftp)_proxy=['"]?(?:\w+:\/\/)?(?:127\.0\.0\.1|localhost):\d+/i.test(one),
        ) && commands.some((one) => /^(?:curl|wget|export)$/.test(one.name)),
    },
    {
      id: 'internet-wide-scanner',
      technique: 'T1046',
      weight: 'strong',
      reason: 'A scanner made for whole networks is running.',
      when: (command) =>
        named(command, wideScanners) &&
        anyArg(command, /^(?:-p|--ports?|-p\S*\d\S*|--rate)|\/\d{1,2}$|^(?:--range|-iL|-h)$/),
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
        /(?:-D\s?(?:RND|[\d.]+,)|--spoof-mac|-S\s[\d.]+|--script[= ]?\S*(?:vuln|brute|exploit|dos)|-f\s|--data-length|-sI\s|-b\s)/.test(
          joined,
        ),
    },
    {
      id: 'scan-by-shell-loop',
      technique: 'T1046',
      weight: 'moderate',
      reason: 'Ports or addresses are tried one after the other in a loop.',
      when: (command, { text, commands }) =>
        (/\/dev\/tcp\/[^\s/]*\$/.test(text) ||
          (command.name === 'nc' && hasLetters(command, 'z') && anyArg(command, /\$|\d+-\d+/)) ||
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
        /^(?:python|perl|ruby|node|php)$/.test(name) && /AF_PACKET|SOCK_RAW|scapy\S*.{0,80}sniff/.test(joined),
    },
    {
      id: 'traffic-redirected',
      technique: 'T1557',
      weight: 'moderate',
      reason: 'Traffic of other machines is passed on and redirected.',
      when: ({ name, joined }, { text }) =>
        name === 'iptables' && /-j (?:REDIRECT|DNAT|MASQUERADE)/.test(joined) && /ip_forward/.test(text),
    },
    {
      id: 'tunnel-in-name-queries',
      technique: 'T1572',
      weight: 'moderate',
      reason: 'A tunnelling service is used to open this machine to the outside.',
      when: ({ name, joined }) =>
        (name === 'cloudflared' && /tunnel.*--url|access tcp/.test(joined)) ||
        (name === 'ssh' && /(?:serveo\.net|localhost\.run|pinggy\.io|nokey@)/.test(joined)) ||
        /^(?:tailscaled|zerotier-one)$/.test(name),
    },
  ],
};
