// nvidia-smi's comma-separated answers, row by row: what is complete is used, what is torn is refused and counted.
import { type Field, isAbsentWord, readValue } from './fields.ts';

export interface Gpu {
  /** Lower case, without "GPU-": the identity; the index changes between boots. */
  uuid: string;
  index: number;
  /** The text fields as printed; "" where nvidia-smi has none. */
  texts: ReadonlyMap<string, string>;
  /** By query name of the field; what could not be read is not there. */
  values: ReadonlyMap<Field, number>;
}

export interface GpuTable {
  gpus: Gpu[];
  /** Rows or values that made no sense or said that reading failed. */
  problems: number;
}

/** Rows of one answer at most: the largest machines have 16 GPUs. */
const rowsMax = 64;
const columnLengthMax = 256;

/** Reads the rows of `--query-gpu=<texts>,<fields>`; a row of another shape, or cut off before its newline, is a problem and no GPU. */
export function parseGpuTable(output: string, texts: readonly string[], fields: readonly Field[]): GpuTable {
  const table: GpuTable = { gpus: [], problems: 0 };
  const lines = output.split('\n');
  if (lines.pop() !== '') table.problems++; // the last line has no end: half of it is missing
  for (const line of lines) {
    if (line.trim() === '') continue;
    const columns = line.replace(/\r$/, '').split(', ');
    if (columns.length !== texts.length + fields.length || table.gpus.length >= rowsMax) {
      table.problems++;
      continue;
    }
    const trimmed = columns.map((column) => column.trim());
    const gpu = parseRow(trimmed, texts, fields, table);
    if (gpu === undefined || table.gpus.some(({ uuid }) => uuid === gpu.uuid)) table.problems++;
    else table.gpus.push(gpu);
  }
  return table;
}

function parseRow(
  columns: readonly string[],
  texts: readonly string[],
  fields: readonly Field[],
  table: GpuTable,
): Gpu | undefined {
  if (columns.some((column) => column.length > columnLengthMax)) return undefined;
  const named = new Map(texts.map((text, at) => [text, isAbsentWord(columns[at]!) ? '' : columns[at]!]));
  const uuid = parseUuid(named.get('uuid') ?? '');
  const index = named.get('index') ?? '';
  if (uuid === undefined || !/^\d{1,3}$/.test(index)) return undefined;
  const values = new Map<Field, number>();
  for (const [at, field] of fields.entries()) {
    const value = readValue(field, columns[texts.length + at]!);
    if (value?.kind === 'number') values.set(field, value.value);
    else if (value?.kind !== 'absent') table.problems++;
  }
  return { uuid, index: Number(index), texts: named, values };
}

/** "GPU-5B2C…" → "5b2c…"; a slice of a GPU keeps its "mig-" in front. */
export function parseUuid(text: string): string | undefined {
  const uuid = text.toLowerCase().replace(/^gpu-/, '');
  return /^(mig-)?(gpu-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\/\d+\/\d+)?$/.test(uuid) ? uuid : undefined;
}

/** One process that holds memory of a GPU. */
export interface ComputeApp {
  uuid: string;
  pid: number;
  processName: string;
  usedBytes: number | undefined;
}

/** Processes of one answer at most. */
const appsMax = 1_024;

/** Rows of `--query-compute-apps=gpu_uuid,pid,process_name,used_memory`; the name may hold commas. Torn rows are counted. */
export function parseComputeApps(output: string): { apps: ComputeApp[]; problems: number } {
  const apps: ComputeApp[] = [];
  const lines = output.split('\n');
  let problems = lines.pop() === '' ? 0 : 1;
  for (const line of lines) {
    if (line.trim() === '' || /^no running/i.test(line)) continue;
    const app = parseApp(line.replace(/\r$/, '').split(', '));
    if (app !== undefined && apps.length < appsMax) apps.push(app);
    else problems++;
  }
  return { apps, problems };
}

function parseApp(columns: readonly string[]): ComputeApp | undefined {
  const uuid = parseUuid(columns[0]?.trim() ?? '');
  const pid = columns[1]?.trim() ?? '';
  const usedMemory = columns.at(-1)!.trim();
  if (columns.length < 4 || uuid === undefined || !/^[1-9]\d{0,9}$/.test(pid)) return undefined;
  if (!/^\d+$/.test(usedMemory) && !isAbsentWord(usedMemory)) return undefined;
  return {
    uuid,
    pid: Number(pid),
    processName: columns.slice(2, -1).join(', ').trim().slice(0, columnLengthMax),
    usedBytes: /^\d+$/.test(usedMemory) ? Number(usedMemory) * 1024 * 1024 : undefined,
  };
}

/** The field that an older driver does not know, of its complaint; undefined when it complains of something else. */
export function refusedField(output: string): string | undefined {
  return /Field "([\w.]+)" is not a valid field to query/.exec(output)?.[1];
}
