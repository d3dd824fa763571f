// What the engine calls things, shortened to what a person tells them apart by; the whole name stays where it is copied from.

/** A task's container is called after its service, its slot and an id of 25 characters: the id says nothing to a reader. */
export function shortTask(name: string): string {
  return name.replace(/^(.+\.\d+)\.[a-z0-9]{25}$/, '$1');
}

/** Whether a container of this name is the thing, or the newest task of the service's slot, that is called so lastingly. */
export function isTaskOf(name: string, lasting: string): boolean {
  if (lasting === '' || !name.startsWith(lasting)) return false;
  return name === lasting || /^\.[a-z0-9]{25}$/.test(name.slice(lasting.length));
}

/** Digests and ids of images within a text, to the twelve characters that the engine's own lists show. */
export function shortDigests(text: string): string {
  return text.replaceAll(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}
