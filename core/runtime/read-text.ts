// A small file as text, or nothing where it cannot be read: most of what a machine says about itself may be absent.
import { readFileSync } from 'node:fs';

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
