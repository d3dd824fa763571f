// Machines put to work for somebody else's wallet: miners by name, by their options, and by the pools they talk to.
// Class: Falco "Detect outbound connections to common miner pool ports", Sigma "Linux Crypto Mining Indicators"; T1496.001.
import type { Command } from './shell/command.ts';
import { anyArg } from './shell/look.ts';
import { worldWritable } from './shell/places.ts';
import type { Family } from './verdict/family.ts';

/** Program names of published miners. */
const miners =
  /^(?:xmrig(?:-\w+)?|xmr-stak(?:-\w+)?|xmrminer|minerd|cpuminer(?:-\w+)*|minergate(?:-cli)?|ccminer|cgminer|bfgminer|sgminer(?:-\w+)?|ethminer|nsgpucnminer|t-rex|trex|nbminer|phoenixminer|lolminer|gminer|miniz|teamredminer|nanominer|claymore\w{0,64}|ewbf\w{0,64}|z-enemy|wildrig(?:-multi)?|srbminer(?:-multi)?|bzminer|rigel|onezerominer|kawpowminer|progpowminer|verthashminer|moneroocean|cryptonight|astrominer|randomx|xmrig-cuda|nheqminer|optiminer|dstm|excavator|nicehash\w{0,64}|monerod-miner|kdevtmpfsi|kinsing|kworkerds|qubitcoin|rqiner|iron-miner|bminer|hellminer|spectre-miner|tnn-miner)$/;

const pool =
  /\b(?:stratum[12]?|ethproxy|ethstratum(?:2)?|daemon|zil|nicehash|eth(?:ash)?)\+?(?:tcp|ssl|tls|tcps|ws|wss|udp|http)?s?:\/\//i;
const stratum = /\b(?:stratum[12]?|ethproxy|ethstratum2?)(?:[+a-z]{0,8})?:\/\//i;

/** Names of proof-of-work algorithms as miners spell them. */
const algorithm =
  /^(?:--?(?:algo|algorithm|a|coin|par)[= ])?(?:rx\/\w+|cn(?:-\w+)?\/[\w-]+|cryptonight[\w/-]*|argon2\/\w+|randomx|randomarq|ethash|etchash|kawpow|autolykos2?|kheavyhash|beamhash\w{0,64}|equihash[\w/]*|lyra2\w+|x1[1-7]\w{0,2}|x2[125]\w?|yescrypt\w{0,64}|yespower\w{0,64}|ghostrider|verthash|progpow\w{0,64}|octopus|firopow|neoscrypt|scrypt|sha256d|blake[23]\w{0,64}|groestl|gr|zhash|heavyhash|cuckaroo\w{0,64}|cuckatoo\w{0,64}|verushash|astrobwt\w{0,64}|dynexsolve|xelishash\w{0,64})$/i;

/** Wallet addresses: Monero, Bitcoin (both forms), Ethereum, Ravencoin and kin. */
const wallet =
  /(?:^|[=:/\s])(?:[48][0-9AB][1-9A-HJ-NP-Za-km-z]{40,93}|bc1[02-9ac-hj-np-z]{25,60}|0x[0-9a-fA-F]{40}|[13RTLDt][1-9A-HJ-NP-Za-km-z]{25,34}|kaspa:[a-z0-9]{50,70}|nano_[13][a-z0-9]{50,60})(?:$|[.:+/\s])/;

const minerOption =
  /^--?(?:donate-level|donate-over-proxy|rig-id|nicehash|randomx-[\w-]+|cpu-max-threads-hint|cpu-priority|huge-pages|no-huge-pages|coin|rig_id|max-cpu-usage|farm-recheck|cpu-affinity|asm|av|cuda-bfactor\S{0,160}|opencl-\S{1,160}|cl-\S{1,160}|worker|epools?|ewal|epsw|eworker|allpools|mport|pool|pools|userpass|retry-pause|print-time|scratchpad|hugepage\S{0,160}|dualmode|mining-intensity|no-watchdog|log-path|xintensity|lhr-\w+)(?:=|$)/;

const poolHost =
  /\b(?:pool|xmr|monero|mining|minexmr|nanopool|supportxmr|2miners|f2pool|hashvault|herominers|ethermine|flypool|nicehash|unmineable|moneroocean|c3pool|dwarfpool|miningpoolhub|woolypooly|viabtc|antpool|hiveon|flexpool|ezil|zpool|zergpool|prohashing|luckpool|rplant)\b[\w.-]*\.[a-z]{2,}:\d{2,5}\b|\bpool\.[\w-]+\.[\w.-]+:\d{2,5}/i;
const endpoint = /^(?:-{1,2}(?:o|url|pool|server|p)[= ]?)?[\w.-]+:\d{2,5}$/;

/** How many of the things that together make a miner's command line are there. */
function marks(command: Command): number {
  const { args, joined } = command;
  const text = joined.slice(0, 16_384);
  const hasAlgorithm = args.some(
    (arg, at) =>
      algorithm.test(arg) && (arg.startsWith('-') || /^--?(?:a|algo|algorithm|coin|par|k)$/.test(args[at - 1] ?? '')),
  );
  const hasUser =
    args.some(
      (arg, at) =>
        /^(?:-u|--user|--wallet|-w|--userpass|-O|-wal|--url|-ewal|-user)$/.test(arg) && args[at + 1] !== undefined,
    ) || anyArg(command, /^--(?:user|wallet|userpass)=/);
  const hasPool =
    poolHost.test(text) ||
    args.some(
      (arg, at) =>
        endpoint.test(arg) &&
        (/^(?:-o|--url|--pool|--server|-P|-s|-pool|-epool|--proxy)$/.test(args[at - 1] ?? '') ||
          /^--(?:url|pool|server)=/.test(arg)),
    );
  return [
    hasAlgorithm,
    wallet.test(text),
    hasPool,
    hasUser && hasPool,
    anyArg(command, minerOption) && (hasPool || hasAlgorithm),
  ].filter(Boolean).length;
}

const notRunning =
  /^(?:apt|apt-get|yum|dnf|pacman|brew|pip|npm|git|curl|wget|ssh|scp|nc|telnet|grep|egrep|rg|man|tldr|pkill|killall|pgrep|kill|rm|ls|find|cat|which|whereis|echo|ps|vim|nano|less|head|tail|dpkg|rpm|snap|make|cmake|systemctl|journalctl|iptables|ufw)$/;

export const cryptoMiners: Family = {
  name: 'crypto-miners',
  category: 'crypto_miners',
  rules: [
    {
      id: 'miner-by-name',
      technique: 'T1496.001',
      weight: 'strong',
      reason: 'The program is a published miner.',
      when: ({ name }) => miners.test(name),
    },
    {
      id: 'mining-pool-address',
      technique: 'T1496.001',
      weight: 'decisive',
      reason: 'A program is pointed at a mining pool by the stratum protocol.',
      when: (command) => !notRunning.test(command.name) && stratum.test(command.joined),
    },
    {
      id: 'miner-options',
      technique: 'T1496.001',
      weight: 'strong',
      reason: 'The options are those of a miner: an algorithm, a pool, a wallet.',
      when: (command) => !notRunning.test(command.name) && marks(command) >= 2,
    },
    {
      id: 'miner-options-all',
      technique: 'T1496.001',
      weight: 'strong',
      reason: 'Algorithm, pool and account of a miner are all there.',
      when: (command) => !notRunning.test(command.name) && marks(command) >= 3,
    },
    {
      id: 'miner-from-writable-folder',
      technique: 'T1496.001',
      weight: 'moderate',
      reason: 'A miner runs from a folder that anybody may write.',
      when: (command) => worldWritable.test(command.program) && (marks(command) >= 1 || miners.test(command.name)),
    },
    {
      id: 'miner-image',
      technique: 'T1496.001',
      weight: 'strong',
      reason: 'A container is started from the image of a miner.',
      when: ({ name, args }) =>
        /^(?:docker|podman|nerdctl|ctr|kubectl)$/.test(name) &&
        args.includes('run') &&
        args.some(
          (arg) =>
            !arg.startsWith('-') &&
            /(?:^|[/_-])(?:xmrig|monero|cpuminer|minerd|cryptonight|xmr|ethminer|(?:crypto|monero|xmr|eth|coin)-?miner)(?:$|[:/_-])/.test(
              arg,
            ),
        ),
    },
    {
      id: 'processor-kept-busy',
      technique: 'T1496',
      weight: 'strong',
      reason: 'A program that computes nothing is started only to keep processors busy.',
      when: ({ name, redirects, previous }) =>
        previous === undefined && name === 'yes' && redirects.some(({ target }) => target === '/dev/null'),
    },
    {
      id: 'msr-tuned-for-mining',
      technique: 'T1496.001',
      weight: 'moderate',
      reason: 'Processor registers are set the way miners set them.',
      when: ({ name, args }) =>
        name === 'wrmsr' && args.some((arg) => /^0x(?:1a4|c0011020|c0011021|c0011022|c001102b)$/i.test(arg)),
    },
    {
      id: 'miner-in-the-background',
      technique: 'T1496.001',
      weight: 'strong',
      reason:
        'An archive is fetched into a folder for temporary files, unpacked, and a program from it started with a configuration in the background.',
      when: (command, { commands, text }) =>
        /(?:--config[= ]?\S{0,160}config\.json|-c config\.json|--config[= ]\S{1,160}\.json)/.test(command.joined) &&
        (command.under.includes('nohup') || command.program.startsWith('./') || worldWritable.test(command.program)) &&
        commands.some(({ name }) => name === 'curl' || name === 'wget') &&
        /(?:^|\s)(?:cd\s+)?\/(?:tmp|var\/tmp|dev\/shm)/.test(text),
    },
    {
      id: 'mining-proxy-daemon',
      technique: 'T1496.001',
      weight: 'moderate',
      reason: 'A program is pointed at a pool or node of a cryptocurrency.',
      when: (command) =>
        !notRunning.test(command.name) && pool.test(command.joined) && !/^(?:curl|wget)$/.test(command.name),
    },
  ],
};
