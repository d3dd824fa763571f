// The latest values of a machine at GET /v1/live, measured once a second for as long as somebody asks.
// What could not be read is absent; rates are absent in the first answer, which has nothing to compare with.
import { z } from 'zod';

const rate = z.number().nonnegative().optional();
const bytes = z.number().nonnegative().optional();

export const liveValues = z.object({
  instance: z.string().min(1).max(253),
  takenAtSeconds: z.number().nonnegative(),
  node: z.object({
    /** Share of all CPUs that was busy: 1 is every one of them. */
    cpuRatio: z.number().min(0).max(1).optional(),
    memoryTotalBytes: bytes,
    /** Total minus what the kernel calls available. */
    memoryUsedBytes: bytes,
  }),
  network: z.array(z.object({ device: z.string(), receiveBytesPerSecond: rate, transmitBytesPerSecond: rate })).max(64),
  disks: z.array(z.object({ device: z.string(), readBytesPerSecond: rate, writeBytesPerSecond: rate })).max(64),
  containers: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** 1 is one core kept busy. */
        cpuCores: rate,
        workingSetBytes: bytes,
      }),
    )
    .max(500),
  gpus: z
    .array(
      z.object({
        uuid: z.string(),
        index: z.int().nonnegative(),
        name: z.string(),
        utilizationRatio: z.number().min(0).optional(),
        memoryUsedBytes: bytes,
        memoryTotalBytes: bytes,
        temperatureCelsius: z.number().optional(),
        powerWatts: z.number().nonnegative().optional(),
        /** GPUs are read at their own pace, never faster for a viewer: that would keep them awake. */
        ageSeconds: z.number().nonnegative(),
      }),
    )
    .max(64),
});

export type LiveValues = z.infer<typeof liveValues>;
