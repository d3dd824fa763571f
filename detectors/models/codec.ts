// Models as files: a JSON header and typed arrays behind it, guarded by a checksum. Data only, never code.
import type { EntityModel } from './entity-model.ts';
import { MODEL_VERSION } from './model.ts';
import type { SeriesModel } from './series-model.ts';

export type Model = SeriesModel | EntityModel;

export type ModelDamage = 'too-large' | 'truncated' | 'not-a-model' | 'changed' | 'version' | 'features' | 'kind';

/** Why a file is not a model this program can use; the predecessor stays, the statistical fallback stands in. */
export class ModelDamageError extends Error {
  readonly reason: ModelDamage;
  constructor(reason: ModelDamage, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ModelDamageError';
    this.reason = reason;
  }
}

/** Larger files are refused before they are read: a model is well below a megabyte. */
export const MODEL_BYTES_MAX = 8 * 1024 * 1024;

const MAGIC = 0x4f445953; // "ODYS"
const PREFIX_BYTES = 24;

const ARRAYS = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  i16: Int16Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;
type ArrayName = keyof typeof ARRAYS;
type AnyArray = Float64Array | Float32Array | Int32Array | Int16Array | Uint16Array | Uint8Array;

/**
 * Layout, little-endian: magic u32, version u32, header bytes u32, data bytes u32, checksum 2 × u32; header (JSON in
 * ASCII); zeros up to 8 bytes; data. An array is named in the header as {"$": type, "at": byte offset, "n": length}.
 */
export function encodeModel(model: Model): Uint8Array {
  const blocks: AnyArray[] = [];
  let dataBytes = 0;
  const header = JSON.stringify(model, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return packNumber(value);
    const block = value as AnyArray;
    const at = dataBytes;
    blocks.push(block);
    dataBytes += round8(block.byteLength);
    return { $: nameOf(block), at, n: block.length };
  });
  const headerBytes = round8(header.length);
  const bytes = new Uint8Array(PREFIX_BYTES + headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, model.version, true);
  view.setUint32(8, header.length, true);
  view.setUint32(12, dataBytes, true);
  for (let index = 0; index < header.length; index++) bytes[PREFIX_BYTES + index] = header.charCodeAt(index);
  let at = PREFIX_BYTES + headerBytes;
  for (const block of blocks) {
    bytes.set(new Uint8Array(block.buffer, block.byteOffset, block.byteLength), at);
    at += round8(block.byteLength);
  }
  const [low, high] = checksum(bytes);
  view.setUint32(16, low, true);
  view.setUint32(20, high, true);
  return bytes;
}

export interface ExpectedModel {
  kind: Model['kind'];
  /** Names of the inputs: one for a series, one a channel for an entity. */
  features: readonly string[];
}

/** Reads what `encodeModel` wrote; the file's bytes are not held on to. Throws `ModelDamageError` for anything else. */
export function decodeModel(bytes: Uint8Array, expected?: ExpectedModel): Model {
  const model = readModel(bytes);
  if (expected === undefined) return model;
  if (model.kind !== expected.kind) {
    throw new ModelDamageError('kind', `The file holds a ${model.kind} model, wanted is a ${expected.kind} model.`);
  }
  if (model.features.join('\n') !== expected.features.join('\n')) {
    throw new ModelDamageError(
      'features',
      `The model knows ${model.features.join(', ')}, not ${expected.features.join(', ')}.`,
    );
  }
  return model;
}

function readModel(bytes: Uint8Array): Model {
  if (bytes.length > MODEL_BYTES_MAX) throw new ModelDamageError('too-large', `${bytes.length} bytes are no model.`);
  if (bytes.length < PREFIX_BYTES) throw new ModelDamageError('truncated', `${bytes.length} bytes are no model.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new ModelDamageError('not-a-model', 'The file is not a model.');
  const version = view.getUint32(4, true);
  if (version !== MODEL_VERSION) throw new ModelDamageError('version', `Version ${version}, wanted ${MODEL_VERSION}.`);
  const headerLength = view.getUint32(8, true);
  const dataAt = PREFIX_BYTES + round8(headerLength);
  const wanted = dataAt + view.getUint32(12, true);
  if (bytes.length < wanted) throw new ModelDamageError('truncated', `${bytes.length} of ${wanted} bytes.`);
  if (bytes.length > wanted) throw new ModelDamageError('changed', `${bytes.length - wanted} bytes too many.`);
  const [low, high] = checksum(bytes);
  if (view.getUint32(16, true) !== low || view.getUint32(20, true) !== high) {
    throw new ModelDamageError('changed', 'The checksum does not match.');
  }
  let text = '';
  for (let index = 0; index < headerLength; index++) text += String.fromCharCode(bytes[PREFIX_BYTES + index]!);
  const data = bytes.slice(dataAt); // the model's arrays lie in this one copy: a block each would cost as much again in keeping them
  const model: unknown = parse(text, data);
  if (!isModel(model)) throw new ModelDamageError('not-a-model', 'The header does not describe a model.');
  if (!Array.isArray(model.features) || model.features.length === 0 || wrongChannels(model)) {
    throw new ModelDamageError('features', 'The number of features does not fit the model.');
  }
  return model;
}

function parse(text: string, data: Uint8Array): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) => unpack(value, data));
  } catch (error) {
    throw new ModelDamageError('not-a-model', 'The header cannot be read.', { cause: error });
  }
}

function isModel(value: unknown): value is Model {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, version } = value as Partial<Model>;
  return (kind === 'series' || kind === 'entity') && version === MODEL_VERSION;
}

function wrongChannels(model: Model): boolean {
  return model.features.length !== (model.kind === 'series' ? 1 : model.channels);
}

/** JSON has no NaN and no infinity; a model may hold both. */
function packNumber(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $: 'number', text: String(value) } : value;
}

function unpack(value: unknown, data: Uint8Array): unknown {
  if (typeof value !== 'object' || value === null || !('$' in value)) return value;
  const packed = value as { $: string; at: number; n: number; text?: string };
  if (packed.$ === 'number') return Number(packed.text);
  const type = ARRAYS[packed.$ as ArrayName];
  const end = packed.at + packed.n * type.BYTES_PER_ELEMENT;
  if (!(packed.at >= 0 && end <= data.length)) throw new RangeError('An array lies outside of the data.');
  return new type(data.buffer as ArrayBuffer, data.byteOffset + packed.at, packed.n);
}

function nameOf(block: AnyArray): ArrayName {
  for (const [name, type] of Object.entries(ARRAYS)) if (block instanceof type) return name as ArrayName;
  throw new TypeError('A model holds an array of a kind that cannot be saved.');
}

function round8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/**
 * Two 32-bit words over every byte but the checksum's own: FNV-1a (Fowler, Noll, Vo) and a sum of rotations, which fail on
 * different changes. Guards against damage, not against a forger: the folder's permissions do that. O(bytes).
 */
function checksum(bytes: Uint8Array): [number, number] {
  let fnv = 0x811c9dc5;
  let rolled = bytes.length;
  for (let index = 0; index < bytes.length; index++) {
    const byte = index >= 16 && index < PREFIX_BYTES ? 0 : bytes[index]!;
    fnv = Math.imul(fnv ^ byte, 0x01000193);
    rolled = (((rolled << 7) | (rolled >>> 25)) + byte + 0x9e3779b9) | 0;
  }
  return [fnv >>> 0, rolled >>> 0];
}
