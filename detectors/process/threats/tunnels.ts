// Ways past a firewall: tunnels, forwarded ports, relays and proxies for others.
// Class: Sigma "Suspicious tunneling", Elastic "Linux tunneling and port forwarding"; T1572, T1090.
import type { Command } from './shell/command.ts';
import { anyArg, hasLetters, named } from './shell/look.ts';
import { worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Programs made to carry traffic past a firewall. */
const tunnelPrograms = words(
  'chisel ligolo-ng ligolo-agent ligolo-proxy revsocks earthworm ew gs-netcat gsocket iodine iodined dns2tcpc dns2tcpd dnscat dnscat2 ptunnel ptunnel-ng ' +
    'icmptunnel icmpsh icmpdoor hans npc nps venom stowaway lcx htran reverse_ssh rssh pwnat udp2raw revssh regeorg neoreg rsocks ssf',
);

/** Tunnels that developers use as well. */
const everydayTunnels = words(
  'frpc frps ngrok bore gost rathole wstunnel sish cloudflared localtunnel lt inlets sshuttle',
);
const hidden = /\/\.[^/.][^/]{0,160}$/;

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

export const tunnels: Family = {
  name: 'tunnels',
  category: 'suspicious_network',
  rules: [
    {
      id: 'tunnel-program',
      technique: 'T1572',
      weight: 'strong',
      reason: 'A program made to tunnel past firewalls.',
      when: (command) =>
        named(command, tunnelPrograms) && command.args.length > 0 && !anyArg(command, /^(?:--?help|--?version|-v)$/),
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
        ((named(command, tunnelPrograms) || named(command, everydayTunnels)) &&
          (worldWritable.test(command.program) || hidden.test(command.program))) ||
        /(?:^|\s)R:(?:socks|\d+)|\bclient\b.{1,160}\bR:/.test(command.joined),
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
        /(?:tcp|openssl|udp|ssl)\w{0,64}-l(?:isten)?:\d+\S{0,160},(?:fork|reuseaddr)/i.test(joined) &&
        /\s(?:tcp|openssl|udp|socks4?a?|ssl)\w{0,64}:(?!(?:localhost|127\.|::1))[\w.[\]-]+:\d+/i.test(joined),
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
      id: 'tunnel-by-public-service',
      technique: 'T1572',
      weight: 'moderate',
      reason: 'A tunnelling service is used to open this machine to the outside.',
      when: ({ name, joined }) =>
        (name === 'cloudflared' && /tunnel.{0,160}--url|access tcp/.test(joined)) ||
        (name === 'ssh' && /(?:serveo\.net|localhost\.run|pinggy\.io|nokey@)/.test(joined)) ||
        /^(?:tailscaled|zerotier-one)$/.test(name),
    },
  ],
};
