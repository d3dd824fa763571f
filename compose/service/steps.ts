// What installing and removing the service comes to: the commands of a removal, the folders to hand over, and whether it runs.

export const unitPath = '/etc/systemd/system/odyssey.service';
export const unitName = 'odyssey.service';

/** What `remove` does, as a person would type it. */
export function renderRemoval(): string {
  return [`systemctl disable --now ${unitName}`, `rm ${unitPath}`, 'systemctl daemon-reload'].join('\n');
}

/** The folders from the first one that had to be made down to the data folder: root made them, and the service's user is to own them. */
export function foldersMade(first: string | undefined, dataDir: string): string[] {
  if (first === undefined) return [];
  const made: string[] = [];
  for (let folder = dataDir; folder.length >= first.length; folder = folder.slice(0, folder.lastIndexOf('/'))) {
    made.unshift(folder);
  }
  return made;
}

/** From what `systemctl is-active` said, a second apart: one that ends at once is active for a moment, each time it is started again. */
export function isSteady(states: readonly string[]): boolean {
  return states.length > 0 && states.every((state) => state === 'active');
}
