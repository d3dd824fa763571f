// The collector beside the exporters it replaces, on this machine, in this minute: names, values, time, CPU and memory.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExposition } from '../../collector/exposition.ts';
import { unpackPackages } from '../../compose/engine/unpack.ts';
import { root } from '../../compose/place.ts';
import { frugalMalloc, nodeFlags } from '../../compose/start/plan.ts';
import type { Sample } from '../../core/contracts/sample.ts';
import { barred, type Figure, told, unmeasured } from '../prove/figure.ts';
import { type Agreement, compare, type Round, type Rules } from './compare.ts';
import { type Exporter, median, type Start, startExporter, timeInTurns } from './exporter.ts';

type Progress = (line: string) => void;

const peersFolder = join(root, '.cache/peers');
const rounds = 12;
const scrapes = 300;

/** Families that both export by default; `collect[]` gives each side the same work. */
const nodeFamilies = (
  'arp conntrack cpu cpufreq diskstats entropy filefd filesystem hwmon loadavg meminfo netclass netdev netstat powersupplyclass ' +
  'pressure rapl schedstat sockstat softnet stat textfile thermal_zone time timex udp_queues uname vmstat'
).split(' ');
/** Off by default in node_exporter, compared but not timed. */
const optionalFamilies = ['interrupts', 'processes', 'tcpstat'];
const query = (families: readonly string[]) => `/metrics?${families.map((name) => `collect[]=${name}`).join('&')}`;

/** Families of node_exporter that no dashboard of METRICS asks for; named, so that one that goes missing is told. */
const notServed =
  /^node_(disk_info|nf_conntrack_stat_|network_(address_assign_type|carrier_changes|carrier_(up|down)_changes|device_id|dormant|flags|iface_|info|name_assign_type|net_dev_group|protocol_type|transmit_queue_length)|time_(clocksource|zone)|processes_threads_state)/;

/** Debian's package leaves out loopback and /mnt; upstream's defaults are what dashboards know. */
const upstreamDefaults = [
  '--collector.netdev.device-exclude=^$',
  '--collector.filesystem.mount-points-exclude=^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)',
  '--collector.diskstats.device-exclude=^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$',
  ...optionalFamilies.map((name) => `--collector.${name}`),
];

export async function run(progress: Progress): Promise<Figure[]> {
  try {
    await unpackPackages({
      from: { kind: 'own' },
      packages: ['prometheus-node-exporter', 'prometheus-process-exporter'],
      optional: [],
      relocations: [],
      into: peersFolder,
      progress,
    });
  } catch (error) {
    return [unmeasured('collector.peers', (error as Error).message)];
  }
  const work = mkdtempSync(join(tmpdir(), 'bench-collector-'));
  const running: Exporter[] = [];
  const start = async (options: Start): Promise<Exporter> => {
    progress(`starting ${options.name}`);
    const exporter = await startExporter(options);
    running.push(exporter);
    return exporter;
  };
  try {
    const warmed = await start(collector(work));
    await warmed.scrape('/metrics');
    await warmed.stop(); // its compile cache is written when it ends; measured is what runs from the second start on
    const ours = await start(collector(work));
    const node = await start(nodeExporter(work));
    const figures = await againstNode(ours, node, progress);
    const processes = await start(processExporter(work));
    figures.push(...(await againstProcesses(ours, processes, progress)), ...memory([ours, node, processes]));
    figures.push(...(await whole(ours, progress)));
    return [...figures, ...published];
  } finally {
    await Promise.all(running.map((exporter) => exporter.stop()));
  }
}

function collector(work: string): Start {
  return {
    name: 'collector',
    file: process.execPath,
    args: () => [...nodeFlags, join(root, 'collector/main.ts')],
    environment: (port) => ({
      ...frugalMalloc,
      COLLECTOR_PORT: String(port),
      COLLECTOR_SOURCES_ON: 'interrupts',
      COLLECTOR_INTERVALS: 'tcpstat=1s,timex=1s',
      COLLECTOR_DNS_NAMES: '',
      ODYSSEY_DATA: work,
      NODE_COMPILE_CACHE: join(work, 'compile'),
      LOG_LEVEL: 'warn',
    }),
    readyPath: '/ready',
  };
}

function nodeExporter(work: string): Start {
  const textfiles = join(work, 'textfiles');
  mkdirSync(textfiles);
  return {
    name: 'node_exporter',
    file: join(peersFolder, 'usr/bin/prometheus-node-exporter'),
    args: (port) => [
      `--web.listen-address=127.0.0.1:${port}`,
      `--collector.textfile.directory=${textfiles}`,
      ...upstreamDefaults,
    ],
    readyPath: '/metrics',
  };
}

function processExporter(work: string): Start {
  const config = join(work, 'process-exporter.yml');
  writeFileSync(config, "process_names:\n  - name: '{{.Comm}}'\n    cmdline: ['.+']\n");
  return {
    name: 'process-exporter',
    file: join(peersFolder, 'usr/bin/prometheus-process-exporter'),
    args: (port) => [
      `-web.listen-address=127.0.0.1:${port}`,
      '-config.path',
      config,
      '-threads=false',
      '-gather-smaps=false',
      '-children=false',
      '-recheck',
    ],
    readyPath: '/metrics',
  };
}

async function takeRounds(ours: Exporter, peer: Exporter, ourPath: string, peerPath: string): Promise<Round[]> {
  const taken: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await ours.scrape(ourPath);
    const theirs = await peer.scrape(peerPath);
    taken.push({ before, peer: theirs, after: await ours.scrape(ourPath) });
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  return taken;
}

async function againstNode(ours: Exporter, peer: Exporter, progress: Progress): Promise<Figure[]> {
  progress(`comparing values with node_exporter, ${rounds} rounds`);
  const path = query([...nodeFamilies, ...optionalFamilies]);
  const agreement = compare(await takeRounds(ours, peer, path, path), nodeRules);
  progress(`timing ${scrapes} scrapes of the same families`);
  const timed = query(nodeFamilies);
  const [mine, theirs] = await timeInTurns(
    [
      { exporter: ours, path: timed },
      { exporter: peer, path: timed },
    ],
    scrapes,
  );
  return [
    ...agreementFigures('collector.node', agreement, namesMin.node, progress),
    barred('collector.node.scrape.p50_ratio', median(mine!.milliseconds) / median(theirs!.milliseconds), '<=', 1),
    told('collector.node.scrape.p50.ours', median(mine!.milliseconds), 'ms'),
    told('collector.node.scrape.p50.node_exporter', median(theirs!.milliseconds), 'ms'),
    told('collector.node.scrape.cpu.ours', mine!.cpuSecondsPerScrape * 1000, 'ms'),
    told('collector.node.scrape.cpu.node_exporter', theirs!.cpuSecondsPerScrape * 1000, 'ms'),
  ];
}

/**
 * Listeners' limits are no bytes in a queue: node_exporter adds them to this sum, because the kernel's socket
 * interface puts the limit where other sockets have their bytes. Ours reads /proc/net/tcp, which does not.
 */
const countsLimits = (one: Sample) =>
  one.name === 'node_tcp_connection_states' && one.labels['state'] === 'tx_queued_bytes';

/** States that last for less than a scrape, and that both leave out while no process is in them. */
const isPassingState = (series: string) => /^node_processes_state\[\["state","[DRZ]"\]\]$/.test(series);

const nodeRules: Rules = {
  compared: (one) =>
    one.name.startsWith('node_') &&
    !/^node_(scrape_collector|exporter)_/.test(one.name) && // what an exporter says about itself
    !notServed.test(one.name) &&
    !countsLimits(one),
  mayLack(series, value, side) {
    if (isPassingState(series)) return true;
    if (side === 'ours') return series.startsWith('node_tcp_connection_states') && value === 0; // they leave out what is 0
    return series.startsWith('node_network_speed_bytes') && value < 0; // a link that does not know its speed has none
  },
  grown: () => false,
};

async function againstProcesses(ours: Exporter, peer: Exporter, progress: Progress): Promise<Figure[]> {
  progress(`comparing values with process-exporter, ${rounds} rounds`);
  const path = query(['process_groups']);
  const taken = await takeRounds(ours, peer, path, '/metrics');
  const groups = steadyGroups(taken);
  const agreement = compare(taken, processRules(groups));
  progress(`timing ${scrapes} scrapes of process groups`);
  const contestants = [
    { exporter: ours, path },
    { exporter: peer, path: '/metrics' },
  ];
  const [mine, theirs] = await timeInTurns(contestants, scrapes);
  return [
    barred('collector.processes.groups.compared', groups.size, '>=', 1),
    barred('collector.processes.read_while_scraped', await isReadWhileScraped(ours, path), '==', 1),
    ...agreementFigures('collector.processes', agreement, namesMin.processes, progress),
    barred(
      'collector.processes.scrape.p50_ratio',
      median(mine!.milliseconds) / median(theirs!.milliseconds),
      '<=',
      1.5,
    ),
    told('collector.processes.scrape.p50.ours', median(mine!.milliseconds), 'ms'),
    told('collector.processes.scrape.p50.process_exporter', median(theirs!.milliseconds), 'ms'),
    told('collector.processes.scrape.cpu.ours', mine!.cpuSecondsPerScrape * 1000, 'ms'),
    told('collector.processes.scrape.cpu.process_exporter', theirs!.cpuSecondsPerScrape * 1000, 'ms'),
  ];
}

/** 1 unless the source has moved into the background, as it does where it is slow: then its time would be that of a copy. */
async function isReadWhileScraped(ours: Exporter, path: string): Promise<number> {
  const readAt = async () =>
    /^collector_source_last_success_timestamp_seconds\{.*$/m.exec(await ours.scrape(path))?.[0] ?? '';
  const before = await readAt();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const after = await readAt();
  return before !== '' && after !== before ? 1 : 0;
}

/** Groups that both saw with the same processes all the time; of those that came and went each saw something else. The peer's own is left out: it counts the file it is just reading. */
function steadyGroups(taken: readonly Round[]): Set<string> {
  const scrapesTaken = taken.flatMap(({ before, peer, after }) => [before, peer, after]);
  const tellings = scrapesTaken.map((text) => {
    const { samples } = parseExposition(text);
    const kept = samples.filter(({ name }) => /_namegroup_(num_procs|oldest_start_time_seconds)$/.test(name));
    return new Set(
      kept
        .filter(({ value }) => value > 0)
        .map((one) => `${one.labels['groupname']} ${one.name} ${Math.round(one.value)}`),
    );
  });
  const always = [...tellings[0]!].filter((line) => tellings.every((telling) => telling.has(line)));
  const names = always.map((line) => line.slice(0, line.lastIndexOf(' namedprocess')));
  return new Set(names.filter((name, at) => names.indexOf(name) < at && name !== 'prometheus-proc'));
}

const processRules = (groups: ReadonlySet<string>): Rules => ({
  compared: ({ name, labels }) =>
    name.startsWith('namedprocess_namegroup_') &&
    !/_threads?_/.test(name.replace('num_threads', '')) &&
    groups.has(labels['groupname'] ?? ''),
  // Of a process that may not be looked into they print 0, ours has nothing.
  mayLack: (_series, value, side) => side === 'theirs' && value === 0,
  grown: (name) => name.endsWith('_total'),
});

/** Names that both have on any machine of today: with fewer, too little was compared to agree on anything. */
const namesMin = { node: 150, processes: 13 };

function agreementFigures(prefix: string, agreement: Agreement, sharedMin: number, progress: Progress): Figure[] {
  for (const name of agreement.missingNames) progress(`  missing: ${name}`);
  for (const line of agreement.disagreements) progress(`  disagrees: ${line}`);
  return [
    barred(`${prefix}.names.shared`, agreement.sharedNames, '>=', sharedMin),
    told(`${prefix}.series.agreeing`, agreement.sharedSeries),
    barred(`${prefix}.names.missing`, agreement.missingNames.length, '==', 0),
    barred(`${prefix}.series.disagreeing`, agreement.disagreements.length, '==', 0),
  ];
}

/** A scrape of everything, and what it means at the interval in use. */
async function whole(ours: Exporter, progress: Progress): Promise<Figure[]> {
  progress('timing scrapes of everything');
  const [timing] = await timeInTurns([{ exporter: ours, path: '/metrics' }], scrapes / 3);
  return [
    told('collector.scrape.p50', median(timing!.milliseconds), 'ms'),
    barred('collector.scrape.slowest', timing!.milliseconds.at(-1)!, '<=', 1000, 'ms'),
    barred('collector.cpu.at_15s', (timing!.cpuSecondsPerScrape / 15) * 100, '<=', 1, '% of a core'),
    barred('collector.memory.pss', ours.bill().pssBytes / 1e6, '<=', 60, 'MB'),
  ];
}

function memory(exporters: readonly Exporter[]): Figure[] {
  return exporters.flatMap((exporter) => {
    const { pssBytes, privateBytes } = exporter.bill();
    const name = exporter.name.replace('-', '_');
    return [
      told(`collector.memory.pss.${name}`, pssBytes / 1e6, 'MB'),
      told(`collector.memory.private.${name}`, privateBytes / 1e6, 'MB'),
    ];
  });
}

/** What others report of the exporters that Debian does not have; not measured here. google/cadvisor#2523 and its tuned users; NVIDIA/gpu-monitoring-tools#133. */
const published: readonly Figure[] = [
  told('published.cadvisor.cpu.default.low', 7, '% of a core'),
  told('published.cadvisor.cpu.default.high', 25, '% of a core'),
  told('published.cadvisor.memory.tuned', 91, 'MiB'),
  told('published.dcgm_exporter.cpu.low', 15, '% of a core'),
  told('published.dcgm_exporter.cpu.high', 20, '% of a core'),
  told('published.dcgm_exporter.memory', 71, 'MiB'),
];
