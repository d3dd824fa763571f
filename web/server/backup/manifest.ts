// What a backup says about itself, so that a restore can tell a whole one from a torn or changed one.
import { z } from 'zod';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const manifest = z.strictObject({
  format: z.literal(1),
  made: z.iso.datetime(),
  version: z.string(),
  audit: z.strictObject({ size: z.int().nonnegative(), root: hash }),
  files: z.array(
    z.strictObject({ name: z.string().regex(/^[a-z][a-z.]{0,63}$/), bytes: z.int().nonnegative(), sha256: hash }),
  ),
});
export type Manifest = z.infer<typeof manifest>;

export const backupFiles = ['odyssey.db', 'audit.db', 'audit.key'] as const;

/** What is wrong with the files of a backup, as sentences; `found` is what really lies there. */
export function problemsOf(told: Manifest, found: ReadonlyMap<string, { bytes: number; sha256: string }>): string[] {
  const problems: string[] = [];
  for (const name of backupFiles) {
    if (!told.files.some((file) => file.name === name)) problems.push(`${name} is not in the backup`);
  }
  for (const { name, bytes, sha256 } of told.files) {
    const real = found.get(name);
    if (real === undefined) problems.push(`${name} is missing`);
    else if (real.bytes !== bytes) problems.push(`${name} has ${real.bytes} bytes, ${bytes} were written`);
    else if (real.sha256 !== sha256) problems.push(`${name} was changed since it was written`);
  }
  return problems;
}
