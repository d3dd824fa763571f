// A row of the tables: one call that may be made, with everything about it that is checked, bounded and taken out of its answer.
import type { z } from 'zod';
import type { ReadCall, WriteCall } from '../../core/contracts/broker.ts';
import type { StreamKind } from './json-stream.ts';
import type { QueryRule } from './query.ts';

export interface Row {
  call: ReadCall | WriteCall;
  /** The part of the product that makes this call; a row that nobody calls does not stay. */
  caller: string;
  query: Readonly<Record<string, QueryRule>>;
  /** Names of the query without which the call is refused. */
  demanded: readonly string[];
  /** What is asked of the engine in the call's place, where that is another path of its own. */
  sentPath: string | undefined;
  /** Undefined: the call has no body, and one that has is refused. */
  body: z.ZodType | undefined;
  bodyBytesMax: number;
  /** Whether credentials for a registry may come in their header. */
  registryAuth: boolean;
  answer: Answer;
  /** Seconds until the answer is whole; of a stream, until it begins. */
  deadlineSeconds: number;
  /** A stream ends when the engine has sent nothing for so long; undefined for calls that are no streams. */
  idleSeconds: number | undefined;
}

export interface Answer {
  /** `log`: what containers print, as lines of JSON. */
  kind: StreamKind | 'log' | 'text' | 'empty';
  clean: (value: unknown) => unknown;
  /** Longest single value: an element of a list, a line of a stream, else the whole. */
  pieceBytesMax: number;
  /** Longest answer in all; streams have none, as they end by time. */
  bytesMax: number;
}

const megabyte = 1024 * 1024;

/** A row with the usual bounds; what differs is given. */
export function row(call: Row['call'], caller: string, given: Partial<Omit<Row, 'call' | 'caller'>>): Row {
  return {
    call,
    caller,
    query: {},
    demanded: [],
    sentPath: undefined,
    body: undefined,
    bodyBytesMax: 256 * 1024,
    registryAuth: false,
    answer: empty,
    deadlineSeconds: 10,
    idleSeconds: undefined,
    ...given,
  };
}

export const empty: Answer = { kind: 'empty', clean: () => undefined, pieceBytesMax: 0, bytesMax: megabyte };
export const text: Answer = { kind: 'text', clean: (value) => value, pieceBytesMax: 1_024, bytesMax: 1_024 };

export function one(clean: Answer['clean']): Answer {
  return { kind: 'one', clean, pieceBytesMax: 8 * megabyte, bytesMax: 8 * megabyte };
}

export function list(clean: Answer['clean']): Answer {
  return { kind: 'array', clean, pieceBytesMax: megabyte, bytesMax: 64 * megabyte };
}

export function lines(clean: Answer['clean']): Answer {
  return { kind: 'lines', clean, pieceBytesMax: megabyte, bytesMax: Number.POSITIVE_INFINITY };
}

/** A log's records are cut to their bound by whoever reads its frames. */
export const log: Answer = {
  kind: 'log',
  clean: (value) => value,
  pieceBytesMax: megabyte,
  bytesMax: Number.POSITIVE_INFINITY,
};
