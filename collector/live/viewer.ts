// Measures once a second while somebody looks, and not at all when nobody does.
import type { LiveValues } from '../../core/contracts/live.ts';
import type { Machine } from '../source.ts';
import type { Engine } from '../sources/containers/engine.ts';
import type { GpuReading } from '../sources/gpu/smi.ts';
import { liveValuesOf, type Moment, readMoment } from './values.ts';

export interface Viewer {
  /** The latest values; asking keeps the measuring going for ten seconds more. */
  look(): LiveValues;
}

export interface ViewerPorts {
  machine: Machine;
  engine: Engine;
  gpus(): GpuReading | undefined;
  /** As the clock's: resolves after that many seconds. */
  sleep(seconds: number): Promise<void>;
  /** Told of a measurement that failed; the next one is tried all the same. */
  onError(error: unknown): void;
}

const stepSeconds = 1;
const lingerSeconds = 10;
/** Older than this, what was measured before is no base for a rate. */
const ageSecondsMax = 5;

export function createViewer({ machine, engine, gpus, sleep, onError }: ViewerPorts): Viewer {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isRunning = false;
  let last: Moment | undefined;
  let values: LiveValues | undefined;

  const measure = (): LiveValues => {
    const now = readMoment(machine, engine);
    const base = last !== undefined && now.atSeconds - last.atSeconds <= ageSecondsMax ? last : undefined;
    last = now;
    values = liveValuesOf(machine, now, base, gpus());
    return values;
  };
  const run = async (): Promise<void> => {
    while (machine.monotonicSeconds() - lookedAt < lingerSeconds) {
      await sleep(stepSeconds);
      try {
        measure();
      } catch (error) {
        values = undefined;
        onError(error);
      }
    }
    isRunning = false;
    values = undefined;
  };

  return {
    look() {
      lookedAt = machine.monotonicSeconds();
      const latest = values ?? measure();
      if (!isRunning) {
        isRunning = true;
        void run();
      }
      return latest;
    },
  };
}
