// How much of a GPU a process uses, where that can be told.
import type { GpuReading } from '../sources/gpu/smi.ts';

/** An older reading says nothing of now. */
const ageSecondsMax = 30;

/**
 * Share of a GPU's time by pid, 0 to 1. nvidia-smi tells how busy a GPU is, not with whom: only a process that is alone on
 * one is known, and of several GPUs that are its own the busiest counts.
 */
export function gpuShares(reading: GpuReading | undefined, nowSeconds: number): Map<number, number> {
  const shares = new Map<number, number>();
  if (reading?.apps === undefined || nowSeconds - reading.atSeconds > ageSecondsMax) return shares;
  for (const { uuid, values } of reading.gpus) {
    const pids = new Set(reading.apps.filter((app) => app.uuid === uuid).map(({ pid }) => pid));
    const ratio = [...values].find(([{ series }]) => series.includes('utilization_gpu_ratio'))?.[1];
    if (pids.size !== 1 || ratio === undefined) continue;
    const [pid] = pids;
    shares.set(pid!, Math.min(1, Math.max(ratio, shares.get(pid!) ?? 0)));
  }
  return shares;
}
