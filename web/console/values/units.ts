// Numbers as people read them: IEC bytes, SI rates, percent, with the unit apart so that it can stand quieter than the number.

import { sayRarity } from './rarity.ts';

export type Unit =
  | 'bytes'
  | 'bytes/s'
  | 'ratio'
  | 'cores'
  | 'seconds'
  | 'celsius'
  | 'watts'
  | 'hertz'
  | 'count'
  | 'per second'
  | 'rarity'
  | 'none';

/** Below it nothing can be: an expected band that reaches further is cut there. */
export function leastOf(unit: Unit): number {
  return unit === 'celsius' || unit === 'none' ? Number.NEGATIVE_INFINITY : 0;
}

export interface Shown {
  number: string;
  unit: string;
}

/** What stands where a value is not known: never a 0. */
const unknownMark = '–';

const iec = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const si = ['', 'k', 'M', 'G', 'T'];

/** A value with its unit; anything that is no finite number is unknown. */
export function show(value: number | null | undefined, unit: Unit): Shown {
  if (value === null || value === undefined || !Number.isFinite(value)) return { number: unknownMark, unit: '' };
  switch (unit) {
    case 'bytes':
      return scaled(value, 1024, iec, '');
    case 'bytes/s':
      return scaled(value, 1024, iec, '/s');
    case 'ratio':
      return { number: digits(value * 100), unit: '%' };
    case 'cores':
      return { number: digits(value, 2), unit: Math.abs(value) === 1 ? 'core' : 'cores' };
    case 'seconds':
      return showSeconds(value);
    case 'celsius':
      return { number: digits(value), unit: '°C' };
    case 'watts':
      return scaled(value, 1000, si, 'W');
    case 'hertz':
      return scaled(value, 1000, si, 'Hz');
    case 'per second':
      return scaled(value, 1000, si, '/s');
    case 'rarity': // as powers of ten: 2 is 1 in 100
      return { number: sayRarity(100 * (1 - 10 ** -value)), unit: '' };
    default:
      return scaled(value, 1000, si, '');
  }
}

/** "1.9 GiB"; for sentences, titles and axis marks. */
export function say(value: number | null | undefined, unit: Unit): string {
  const shown = show(value, unit);
  return shown.unit === '' ? shown.number : `${shown.number} ${shown.unit}`;
}

function scaled(value: number, base: number, prefixes: readonly string[], tail: string): Shown {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base && step < prefixes.length - 1) {
    rest /= base;
    step += 1;
  }
  const whole = step === 0 && Number.isInteger(rest);
  return { number: whole ? String(rest) : digits(rest), unit: `${prefixes[step]}${tail}` };
}

/** Three figures that count, and no more: 0.004, 1.23, 12.3, 123. */
function digits(value: number, placesMin = 0): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001) return value < 0 ? '> -0.001' : '< 0.001';
  const places = size < 0.1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0;
  const text = value.toFixed(Math.max(places, size < 100 ? placesMin : 0));
  return placesMin > 0 ? text : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

function showSeconds(value: number): Shown {
  const size = Math.abs(value);
  if (size < 0.001 && size > 0) return { number: digits(value * 1e6), unit: 'µs' };
  if (size < 1 && size > 0) return { number: digits(value * 1000), unit: 'ms' };
  if (size < 120) return { number: digits(value), unit: 's' };
  if (size < 7_200) return { number: digits(value / 60), unit: 'min' };
  if (size < 172_800) return { number: digits(value / 3_600), unit: 'h' };
  return { number: digits(value / 86_400), unit: 'd' };
}

/** The unit that the detectors write beside a series, as one of ours. */
export function readUnit(unit: string): Unit {
  const known: Record<string, Unit> = {
    bytes: 'bytes',
    'bytes/s': 'bytes/s',
    'bytes per second': 'bytes/s',
    ratio: 'ratio',
    cores: 'cores',
    seconds: 'seconds',
    's/s': 'cores', // seconds of work a second
    s: 'seconds',
    count: 'count',
    hertz: 'hertz',
    celsius: 'celsius',
    watts: 'watts',
    '1/s': 'per second',
    'per second': 'per second',
  };
  return known[unit] ?? 'none';
}

/** "1 volume", "3 volumes", "1 of 3 volumes": the word is given as plural. */
export function sayCount(shown: number, total: number, plural: string): string {
  const word = total === 1 && plural !== 'series' ? plural.replace(/^(\S+?)(?:(?<=ss)es|s)(?=\s|$)/, '$1') : plural;
  return shown === total ? `${total} ${word}` : `${shown} of ${total} ${word}`;
}
