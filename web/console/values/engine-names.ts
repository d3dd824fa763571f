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

/** Volumes within a text, as the server names them where one of several environments is meant: by its id before the name. */
export function nameVolumes(text: string, environments: ReadonlyMap<string, string> | undefined): string {
  return text.replaceAll(/\b([0-9a-f]{16})\/(vol-[a-z0-9-]+)/g, (_, id: string, name: string) => {
    const gone = environments === undefined ? '' : ' (gone)';
    return `${name} in ${environments?.get(id) ?? `${id}${gone}`}`;
  });
}

/** A network by the engine's name, which has its environment's id in it: the environment's own, or one by name. */
export function nameNetwork(engineName: string, environments: ReadonlyMap<string, string> | undefined): string {
  const parts = /^env-([0-9a-f]{16})(?:-([a-z][a-z0-9-]*))?$/.exec(engineName);
  if (parts === null) return engineName;
  const environment = environments?.get(parts[1]!);
  if (environment === undefined) return engineName;
  return parts[2] === undefined ? `${environment}’s own network` : `${parts[2]} in ${environment}`;
}
