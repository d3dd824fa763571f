// Which images a host without a registry needs, as `.env` names them; and the script that takes them there.

/** Built from, never run: the image that is made of it is taken along instead. */
const notRun = new Set(['NODE_IMAGE']);

export interface NamedImage {
  variable: string;
  image: string;
}

/** Every `…_IMAGE=` of the settings, overridden by the environment as compose does it. Lines that begin with # say nothing. */
export function imagesOf(env: string, environment: Readonly<Record<string, string | undefined>>): NamedImage[] {
  return env.split('\n').flatMap((line) => {
    const [, variable, written] = /^([A-Z][A-Z0-9_]*_IMAGE)=(.*)$/.exec(line.trim()) ?? [];
    if (variable === undefined || notRun.has(variable)) return [];
    const image = environment[variable] || written?.trim();
    return image ? [{ variable, image }] : [];
  });
}

/** The name an image has on the other host: an engine forgets digests when it loads an archive, and the archive has a checksum of its own. */
export function packedName(image: string): string {
  const [name = image, digest] = image.split('@sha256:');
  if (digest === undefined) return image;
  return /:[^/:]+$/.test(name) ? name : `${name}:sha256-${digest.slice(0, 12)}`;
}

/** `sha256sum -c` reads it: two spaces, one file a line. */
export function renderSums(sums: Readonly<Record<string, string>>): string {
  return Object.entries(sums)
    .map(([file, sum]) => `${sum}  ${file}\n`)
    .join('');
}

/** Stops at the first thing that is not as it was packed. */
export const loadScript = `#!/bin/sh
# Checks what was packed and gives it to this host's Docker engine. Then: docker compose up -d
set -eu
cd "$(dirname "$0")"
sha256sum -c SHA256SUMS
docker load -i images.tar
echo "All images are here. Start with: docker compose up -d"
`;
