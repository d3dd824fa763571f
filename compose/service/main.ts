// npm run service -- install|remove [--data DIR] [--port-base N] [--print]: has systemd start Odyssey with the machine, or no longer.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { run } from '../engine/run.ts';
import { type Place, readPlace, root } from '../place.ts';
import { renderUnit } from './unit.ts';

type Where = Extract<Place, { kind: 'place' }>;

const unitPath = '/etc/systemd/system/odyssey.service';
const unitName = 'odyssey.service';
const usage = 'npm run service -- install|remove [--data DIR] [--port-base N] [--print]';

const place = readPlace(process.argv.slice(2), { switches: ['print'], words: 1 });
process.exitCode = place.kind === 'wrong' ? complain([...place.problems, usage]) : await serve(place);

async function serve(where: Where): Promise<number> {
  const [verb] = where.words;
  if (verb !== 'install' && verb !== 'remove') return complain([usage]);
  const unit = unitFor(where);
  if (where.switches.has('print')) {
    say(unit.trimEnd());
    return 0;
  }
  const problem = whyNot();
  if (problem !== undefined) {
    say(unit.trimEnd());
    return complain(['', problem, `Above is the unit; with systemd it belongs into ${unitPath}.`]);
  }
  return verb === 'install' ? install(unit, where) : remove();
}

/** Runs as the owner of the checkout, whoever installs it: with sudo that is still the person's own user. */
function unitFor(where: Where): string {
  const owner = accountOf(statSync(root).uid);
  return renderUnit({ root, dataDir: where.dataDir, portBase: where.portBase, node: process.execPath, ...owner });
}

function accountOf(uid: number): { user: string; home: string } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((text) => text.split(':'))
    .find((fields) => fields[2] === String(uid));
  return { user: line?.[0] ?? String(uid), home: line?.[5] ?? '/' };
}

function whyNot(): string | undefined {
  if (!existsSync('/run/systemd/system'))
    return 'This machine was not started by systemd: there is nothing to install the service into.';
  if (process.getuid?.() !== 0) return 'Only root may do this: sudo npm run service -- install';
  return undefined;
}

async function install(unit: string, where: Where): Promise<number> {
  if (!existsSync(where.dataDir)) mkdirSync(where.dataDir, { recursive: true, mode: 0o750 });
  writeFileSync(unitPath, unit);
  const done = (await systemctl('daemon-reload')) && (await systemctl('enable', '--now', unitName));
  if (!done) return 1;
  say(`${unitName} is installed and started; it starts with the machine from now on.`);
  say(`Watch it with: journalctl -fu odyssey. Data: ${where.dataDir}. Remove it with: npm run service -- remove`);
  return 0;
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
