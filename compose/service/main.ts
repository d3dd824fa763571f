// npm run service -- install|remove [--data DIR] [--port-base N] [--print]: has systemd start Odyssey with the machine, or no longer.
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../core/runtime/clock.ts';
import { run } from '../engine/run.ts';
import { type Place, readPlace, root } from '../place.ts';
import { foldersMade, isSteady, renderRemoval, unitName, unitPath } from './steps.ts';
import { renderUnit } from './unit.ts';

type Where = Extract<Place, { kind: 'place' }>;

const steadySeconds = 6;
const usage = `npm run service -- install|remove [--data DIR] [--port-base N] [--print]
  --data DIR       where everything is kept; data/ in the checkout unless said otherwise
  --port-base N    added to every port, so that several can run beside each other
  --print          show what would be installed, or done to remove it, and change nothing`;

const place = readPlace(process.argv.slice(2), { switches: ['print', 'help'], words: 1 });
process.exitCode = place.kind === 'wrong' ? complain([...place.problems, usage]) : await serve(place);

async function serve(where: Where): Promise<number> {
  const [verb] = where.words;
  if (where.switches.has('help')) {
    say(usage);
    return 0;
  }
  if (verb !== 'install' && verb !== 'remove') return complain([usage]);
  const unit = unitFor(where);
  const shown = verb === 'install' ? unit.trimEnd() : renderRemoval();
  if (where.switches.has('print')) {
    say(shown);
    return 0;
  }
  const problem = whyNot(verb);
  if (problem !== undefined) {
    if (verb === 'remove') return complain([problem]);
    say(shown);
    return complain(['', problem, `Above is the unit; with systemd it belongs into ${unitPath}.`]);
  }
  return verb === 'install' ? install(unit, where) : remove();
}

/** Runs as the owner of the checkout, whoever installs it: with sudo that is still the person's own user. */
function unitFor(where: Where): string {
  const { user, home } = accountOf(statSync(root).uid);
  return renderUnit({ root, dataDir: where.dataDir, portBase: where.portBase, node: process.execPath, user, home });
}

function accountOf(uid: number): { user: string; home: string } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((text) => text.split(':'))
    .find((fields) => fields[2] === String(uid));
  return { user: line?.[0] ?? String(uid), home: line?.[5] ?? '/' };
}

function whyNot(verb: string): string | undefined {
  if (!existsSync('/run/systemd/system')) return 'This machine was not started by systemd: it has no services.';
  if (process.getuid?.() !== 0) return `Only root may do this: sudo npm run service -- ${verb}`;
  return undefined;
}

async function install(unit: string, where: Where): Promise<number> {
  makeDataFolder(where.dataDir);
  writeFileSync(unitPath, unit);
  const done = (await systemctl('daemon-reload')) && (await systemctl('enable', '--now', unitName));
  if (!done) return 1;
  const states = await watch();
  if (!isSteady(states)) {
    return complain([
      `${unitName} is installed, but does not run: systemctl is-active says ${states.at(-1) || 'nothing'}.`,
      'Its reason is in: journalctl -u odyssey -n 50',
    ]);
  }
  say(`${unitName} is installed and started; it starts with the machine from now on.`);
  say(`Watch it with: journalctl -fu odyssey. Data: ${where.dataDir}. Remove it with: npm run service -- remove`);
  return 0;
}

/** The service runs as the owner of the checkout and must be able to write what root makes here. */
function makeDataFolder(dataDir: string): void {
  const { uid, gid } = statSync(root);
  const first = mkdirSync(dataDir, { recursive: true, mode: 0o750 });
  for (const folder of foldersMade(first, dataDir)) chownSync(folder, uid, gid);
}

/** What it is, second by second, up to the first that is not active. */
async function watch(): Promise<string[]> {
  const states: string[] = [];
  do {
    await systemClock.sleep(1);
    const asked = await run('systemctl', ['is-active', unitName], { timeoutSeconds: 10 });
    states.push(asked.output.trim());
  } while (states.length < steadySeconds && isSteady(states));
  return states;
}

async function remove(): Promise<number> {
  if (!existsSync(unitPath)) {
    say('There is no such service; nothing to remove.');
    return 0;
  }
  const stopped = await systemctl('disable', '--now', unitName);
  rmSync(unitPath);
  const reloaded = await systemctl('daemon-reload');
  say('The service is removed. The data folder is still there.');
  return stopped && reloaded ? 0 : 1;
}

async function systemctl(...args: string[]): Promise<boolean> {
  say(`systemctl ${args.join(' ')}`);
  const ran = await run('systemctl', args, { timeoutSeconds: 60 });
  if (ran.code !== 0) complain([`systemctl ${args[0]} failed: ${ran.output.trim()}`]);
  return ran.code === 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}
