// The way in for every npm script: checks Node, installs the locked packages where they are missing or stale, then runs the verb's program with the pinned Node.
// Plain JavaScript that Node 20 reads, because at this point nothing is installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** For what runs as long as the machine does. */
const smallHeap = ['--optimize-for-size', '--max-semi-space-size=1'];

const verbs = {
  start: { main: 'compose/start/main.ts', about: 'start everything on this machine', flags: smallHeap },
  build: { main: 'web/console/build/main.ts', about: 'build the console where it is absent or old' },
  shots: { main: 'test/e2e/shots/main.ts', about: 'pictures of every page of the console' },
  test: { main: 'test/main.ts', about: 'run every test' },
  check: { main: 'compose/check/main.ts', about: 'types, lint and unused code' },
  doctor: { main: 'compose/doctor/main.ts', about: 'what this machine has and lacks' },
  prove: { main: 'test/prove/main.ts', about: 'run the real thing and print its figures' },
  bench: { main: 'test/bench/main.ts', about: 'measure and print figures' },
  service: { main: 'compose/service/main.ts', about: 'survive a reboot (systemd)' },
  lock: { main: 'compose/lock/main.ts', about: 'write the lockfile anew' },
  bundle: { main: 'compose/bundle/main.ts', about: 'what a Docker host without a registry needs' },
  dashboards: { main: 'grafana/main.ts', about: 'write the dashboards that Grafana reads' },
  replay: { main: 'detectors/replay/main.ts', about: 'score a recorded series' },
  threats: { main: 'detectors/threats/main.ts', about: 'judge recorded processes' },
  audit: { main: 'web/server/audit/main.ts', about: 'verify an exported audit log', onData: true },
  admin: { main: 'web/server/admin/main.ts', about: 'let a person in again', onData: true },
  backup: { main: 'web/server/backup/main.ts', about: 'copy people, settings and audit, verified', onData: true },
  restore: { main: 'web/server/restore/main.ts', about: 'put a backup in their place', onData: true },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.odyssey-stamp');
const nodeMajor = Number(process.versions.node.split('.')[0]);

await main(process.argv.slice(2));

async function main([verb, ...rest]) {
  if (nodeMajor < 20) return fail(`Odyssey needs Node 20 or newer to begin; this is Node ${process.versions.node}.`);
  const known = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (known === undefined) return fail(`${verb ? `There is no "${verb}". ` : ''}Give one of:\n${listOfVerbs()}`);
  if (!existsSync(join(root, known.main)))
    return fail(`${known.main} is missing from this checkout; "${verb}" cannot run.`);
  const problem = await install();
  if (problem !== undefined) return fail(problem);
  const node = runtime();
  if (node === undefined) {
    return fail(
      `The pinned Node (node_modules/node-linux-${process.arch}) is not there and this Node ${process.versions.node} cannot run TypeScript.\n` +
        'Install Node 24 or newer, or delete node_modules and run this again on Linux x64 or arm64.',
    );
  }
  const flags = ['--disable-warning=ExperimentalWarning', ...(known.flags ?? [])];
  const { args, ...how } = known.onData ? onData(rest) : { args: rest };
  process.exitCode = await run(node, [...flags, join(root, known.main), ...args], how);
}

/** Verbs on the data folder take --data as `start` does, and find the files that a person names where that was typed. */
function onData(rest) {
  const cwd = process.env.INIT_CWD ?? process.cwd();
  let folder = process.env.ODYSSEY_DATA || join(root, 'data');
  const args = [];
  for (let index = 0; index < rest.length; index++) {
    if (rest[index] === '--data' && rest[index + 1] !== undefined) folder = rest[++index];
    else if (rest[index].startsWith('--data=')) folder = rest[index].slice('--data='.length);
    else args.push(rest[index]);
  }
  return { args, cwd, env: { ...process.env, ODYSSEY_DATA: resolve(cwd, folder) } };
}

function listOfVerbs() {
  return Object.entries(verbs)
    .map(([name, { about }]) => `  npm run ${name.padEnd(10)} ${about}`)
    .join('\n');
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}

/** Runs `npm ci` unless what is installed is what the lockfile says; resolves to a sentence where that failed. */
async function install() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = `${createHash('sha256').update(lock).digest('hex')} ${process.arch}\n`;
  if (readText(stampFile) === stamp) return undefined;
  if (!matchesLock(JSON.parse(lock.toString()))) {
    const code = await installLocked();
    if (code !== 0) {
      return (
        `npm ci ended with ${code}; nothing was started.\n` +
        'Its reason is above. Where the package registry cannot be reached, check the network and `npm config get registry`, then run this again.'
      );
    }
  }
  try {
    writeFileSync(stampFile, stamp);
  } catch {
    // A read-only checkout: the slower comparison is made again next time.
  }
  return undefined;
}

/** Whether npm's own note of what it installed agrees with the lockfile; optional packages may be absent. */
function matchesLock(lock) {
  const text = readText(join(modules, '.package-lock.json'));
  if (text === undefined) return false;
  const installed = JSON.parse(text).packages ?? {};
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

async function installLocked() {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  process.stderr.write('Installing the locked npm packages (npm ci) …\n');
  const beat = setInterval(() => process.stderr.write(`  still installing, ${seconds()} s\n`), 10_000);
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const viaNpm = script !== undefined && node !== undefined && existsSync(script) && existsSync(node);
  const command = viaNpm ? [node, script] : ['npm'];
  const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // Whatever npm says goes to standard error: standard output belongs to the program that follows.
  const code = await run(command[0], [...command.slice(1), ...options], { stdio: ['ignore', 2, 2] });
  clearInterval(beat);
  if (code === 0) process.stderr.write(`Installed in ${seconds()} s.\n`);
  return code;
}

/** The Node that runs our TypeScript: the pinned one, else this one where it is new enough. */
function runtime() {
  const pinned = join(modules, `node-linux-${process.arch}`, 'bin', 'node');
  if (process.platform === 'linux' && existsSync(pinned)) return pinned;
  return nodeMajor >= 24 ? process.execPath : undefined;
}

/** Runs a child, in the project's folder unless told otherwise, hands signals on to it, resolves to its exit code (128 + signal where it was killed). */
function run(command, args, { stdio = 'inherit', cwd = root, env = process.env } = {}) {
  return new Promise((resolve) => {
    // INIT_CWD is where the command was typed: relative paths that a person gives start there.
    const whole = { ...env, INIT_CWD: process.env.INIT_CWD ?? process.cwd() };
    const child = spawn(command, args, { cwd, env: whole, stdio });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const forward = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    const done = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stderr.write(`${command} does not start: ${error.message}\n`);
      done(1);
    });
    child.on('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
