// References to images: which registry they lead to and what they are pinned to.

export interface Reference {
  /** The registry's host, `docker.io` where none is written. */
  registry: string;
  /** With the registry as it was written, without tag and digest. */
  name: string;
  tag: string | undefined;
  digest: string | undefined;
}

const imageId = /^sha256:[0-9a-f]{64}$/;

export function isImageId(reference: string): boolean {
  return imageId.test(reference);
}

/**
 * The first part is a registry when it has a dot, a port or a capital letter, or is `localhost`, as the engine reads it: read otherwise, the
 * credentials of one registry would go to another.
 */
export function parseReference(reference: string): Reference {
  const [rest, digest] = reference.split('@', 2) as [string, string | undefined];
  const tag = /:([\w][\w.-]{0,127})$/.exec(rest.includes('/') ? rest.slice(rest.lastIndexOf('/')) : rest)?.[1];
  const name = tag === undefined ? rest : rest.slice(0, -(tag.length + 1));
  const first = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  const registry = /[.:A-Z]/.test(first) || first === 'localhost' ? first : 'docker.io';
  return { registry, name, tag, digest };
}

/**
 * What a revision is pinned to: the digest that the reference's own repository gave the image, so that other nodes can fetch it, or the
 * image's id where no registry has it.
 */
export function pinOf(reference: string, image: { Id: string; RepoDigests?: readonly string[] | null }): string {
  if (isImageId(reference)) return image.Id;
  const { name, digest } = parseReference(reference);
  if (digest !== undefined) return `${name}@${digest}`;
  const short = name.replace(/^docker\.io\/(library\/)?/, '');
  const found = image.RepoDigests?.find((one) => one.startsWith(`${name}@`) || one.startsWith(`${short}@`));
  return found ?? image.Id;
}

/** Whether a registry has ever named the image: one that was built here has no digest. */
export function isFromRegistry(image: { RepoDigests?: readonly string[] | null }): boolean {
  return (image.RepoDigests ?? []).length > 0;
}

/** What a failed pull says, in words that tell what to do. */
export function explainPull(reference: string, message: string): string {
  const { registry } = parseReference(reference);
  if (/unauthorized|authentication required|incorrect username or password|denied/i.test(message))
    return `The registry ${registry} refuses access to ${reference}: ${message} Give credentials for ${registry} that may read it.`;
  if (/manifest unknown|not found|does not exist/i.test(message))
    return `There is no image ${reference} at ${registry}: ${message}`;
  if (
    /no such host|connection refused|i\/o timeout|deadline exceeded|no route to host|network is unreachable/i.test(
      message,
    )
  )
    return `${reference} is not on this host, and its registry ${registry} cannot be reached: ${message}`;
  return `${reference} could not be pulled: ${message}`;
}

export function isAccessRefused(message: string): boolean {
  return /unauthorized|authentication required|incorrect username or password|denied/i.test(message);
}
