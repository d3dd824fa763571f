// Asks nvidia-smi, one call at a time, and remembers what this driver does not know and how the last calls went.
import type { CommandResult, Machine } from '../../source.ts';
import { type ComputeApp, type Gpu, parseComputeApps, parseGpuTable, refusedField } from './csv.ts';
import { findPciGpus } from './devices.ts';
import { type Field, numberFields, textFields } from './fields.ts';

export interface GpuReading {
  gpus: readonly Gpu[];
  apps: readonly ComputeApp[] | undefined;
  cudaVersion: string;
  /** Monotonic. */
  atSeconds: number;
}

/** none: no GPU here, or it sleeps and is left alone. */
type Outcome = 'none' | 'good' | 'failed';

export interface Smi {
  reading: GpuReading | undefined;
  outcome: Outcome;
  appsOutcome: Outcome;
  /** Monotonic end of the last read, and how far apart the last two were. */
  endedAtSeconds: number;
  gapSeconds: number;
  exitCode: number | undefined;
  failuresTotal: number;
  suspended: number;
  /** A GPU was read here before: from then on its absence is a failure. */
  seen: boolean;
  inFlight: boolean;
  refused: Set<string>;
  /** Belongs to the driver's version, which is asked for once. */
  cudaVersion: { driver: string; text: string } | undefined;
}

const limits = { timeoutSeconds: 3, outputBytesMax: 1024 * 1024 };
/** An old driver refuses one unknown field a call; the rest are found out in the next read. */
const learningSecondsMax = 3;
const csv = '--format=csv,noheader,nounits';

export function createSmi(): Smi {
  return {
    reading: undefined,
    outcome: 'none',
    appsOutcome: 'none',
    endedAtSeconds: Number.NEGATIVE_INFINITY,
    gapSeconds: 0,
    exitCode: undefined,
    failuresTotal: 0,
    suspended: 0,
    seen: false,
    inFlight: false,
    refused: new Set(),
    cudaVersion: undefined,
  };
}

/** Reads all GPUs that are awake; undefined where there are none. Throws where there are and nothing could be learned of them. */
export async function readSmi(smi: Smi, machine: Machine): Promise<GpuReading | undefined> {
  if (smi.inFlight) throw new Error('the nvidia-smi before has not ended yet');
  smi.inFlight = true;
  try {
    const reading = await readAwake(smi, machine);
    smi.reading = reading;
    return reading;
  } catch (error) {
    smi.reading = undefined;
    smi.outcome = 'failed';
    smi.appsOutcome = 'failed';
    smi.failuresTotal++;
    throw error;
  } finally {
    const now = machine.monotonicSeconds();
    smi.gapSeconds = Number.isFinite(smi.endedAtSeconds) ? now - smi.endedAtSeconds : 0;
    smi.endedAtSeconds = now;
    smi.inFlight = false;
  }
}

async function readAwake(smi: Smi, machine: Machine): Promise<GpuReading | undefined> {
  const { awake, suspended } = findPciGpus(machine);
  smi.suspended = suspended.length;
  if (suspended.length > 0 && awake.length === 0) return none(smi);
  const selection = suspended.length > 0 ? [`--id=${awake.join(',')}`] : [];
  const answer = await query(smi, machine, selection, awake.length > 0);
  if (answer === undefined) return none(smi);
  const { gpus, problems } = parseGpuTable(
    answer.result.stdout,
    textFields.filter((name) => !smi.refused.has(name)),
    answer.fields.map(({ field }) => field),
  );
  const failed = problems > 0 || answer.result.exitCode !== 0 || gpus.length === 0;
  if (gpus.length === 0) throw new Error(complaint(answer.result));
  smi.seen = true;
  smi.outcome = failed ? 'failed' : 'good';
  if (failed) smi.failuresTotal++;
  const apps = await readApps(smi, machine, selection);
  const cudaVersion = await readCudaVersion(smi, machine, gpus[0]!.texts.get('driver_version') ?? '');
  return { gpus, apps, cudaVersion, atSeconds: machine.monotonicSeconds() };
}

function none(smi: Smi): undefined {
  smi.outcome = 'none';
  smi.appsOutcome = 'none';
}

interface Answer {
  result: CommandResult;
  fields: { field: Field; query: string }[];
}

/** Asks for every field the driver knows; undefined where there is neither a driver nor a GPU. */
async function query(
  smi: Smi,
  machine: Machine,
  selection: readonly string[],
  gpuOnBus: boolean,
): Promise<Answer | undefined> {
  const startedAt = machine.monotonicSeconds();
  for (;;) {
    const fields = numberFields.flatMap((field) => {
      const known = field.queries.find((name) => !smi.refused.has(name));
      return known === undefined ? [] : [{ field, query: known }];
    });
    const names = [...textFields.filter((name) => !smi.refused.has(name)), ...fields.map(({ query }) => query)];
    const result = await run(smi, machine, [`--query-gpu=${names.join(',')}`, csv, ...selection]);
    if (result === undefined) return undefined;
    const refused = refusedField(result.stdout + result.stderr);
    if (refused === undefined || smi.refused.has(refused)) {
      const nothingThere = /no devices were found/i.test(result.stdout + result.stderr);
      return nothingThere && !gpuOnBus && !smi.seen ? undefined : { result, fields };
    }
    refuse(smi, refused);
    if (machine.monotonicSeconds() - startedAt > learningSecondsMax)
      throw new Error(`still learning what this driver knows: not ${refused}`);
  }
}

/** Reasons are known all together or not at all: without this, an old driver would have to refuse each of them. */
function refuse(smi: Smi, name: string): void {
  smi.refused.add(name);
  const family = /^clocks_event_reasons\./.test(name) ? 'clocks_event_reasons.' : undefined;
  if (family === undefined) return;
  for (const { queries } of numberFields)
    for (const query of queries) if (query.startsWith(family)) smi.refused.add(query);
}

/** Undefined where the program is missing and nothing says that it should be there. */
async function run(smi: Smi, machine: Machine, args: readonly string[]): Promise<CommandResult | undefined> {
  try {
    const result = await machine.run('nvidia-smi', args, limits);
    smi.exitCode = result.exitCode ?? -1;
    return result;
  } catch (error) {
    smi.exitCode = -1;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const expected = smi.seen || machine.readTextIfThere('/proc/driver/nvidia/version') !== undefined;
    if (missing && !expected) return undefined;
    throw error;
  }
}

async function readApps(smi: Smi, machine: Machine, selection: readonly string[]): Promise<ComputeApp[] | undefined> {
  smi.appsOutcome = 'failed';
  try {
    const query = '--query-compute-apps=gpu_uuid,pid,process_name,used_memory';
    const result = await machine.run('nvidia-smi', [query, csv, ...selection], limits);
    const { apps, problems } = parseComputeApps(result.stdout);
    if (result.exitCode !== 0) return undefined;
    if (problems === 0) smi.appsOutcome = 'good';
    return apps;
  } catch {
    return undefined; // exported as nvidia_smi_compute_apps_last_collect_success 0
  }
}

/** Only `nvidia-smi --version` prints it on its own; older ones do not, and then it stays empty. */
async function readCudaVersion(smi: Smi, machine: Machine, driver: string): Promise<string> {
  if (smi.cudaVersion?.driver === driver) return smi.cudaVersion.text;
  const said = await machine.run('nvidia-smi', ['--version'], limits).then(
    ({ stdout }) => stdout,
    () => '',
  );
  smi.cudaVersion = { driver, text: /^CUDA Version\s*:\s*(\d+\.\d+)/im.exec(said)?.[1] ?? '' };
  return smi.cudaVersion.text;
}

function complaint({ exitCode, stdout, stderr }: CommandResult): string {
  const said = (stderr || stdout).trim().split('\n')[0]?.slice(0, 200) ?? '';
  return `nvidia-smi ended with ${exitCode ?? 'a signal'}: ${said || 'it said nothing'}`;
}
