// A lockfile that is whole in itself: what a package names as optional and the lockfile does not hold is left out of the name list too.

export interface Lockfile {
  packages: Record<string, LockedPackage>;
  [field: string]: unknown;
}

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

/**
 * Some registries carry only some platforms' packages. npm then leaves the others out of the lockfile without a word, and `npm ci` refuses the
 * result everywhere, because their names are still wanted. Returns a copy without those names; what was left out is listed.
 */
export function trimLockfile(lockfile: Lockfile): { lockfile: Lockfile; left: string[] } {
  const left: string[] = [];
  const packages = Object.entries(lockfile.packages).map(([path, entry]): [string, LockedPackage] => {
    const { optionalDependencies, ...rest } = entry;
    if (path === '' || optionalDependencies === undefined) return [path, entry];
    const kept = Object.entries(optionalDependencies).filter(([name]) => resolves(lockfile.packages, path, name));
    if (kept.length === Object.keys(optionalDependencies).length) return [path, entry];
    for (const name of Object.keys(optionalDependencies)) if (!resolves(lockfile.packages, path, name)) left.push(name);
    return [path, kept.length === 0 ? rest : { ...entry, optionalDependencies: Object.fromEntries(kept) }];
  });
  return { lockfile: { ...lockfile, packages: Object.fromEntries(packages) }, left };
}

/** As Node looks for it: beside the package, then in every node_modules above it. */
function resolves(packages: Lockfile['packages'], path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder}/node_modules/${name}` in packages) return true;
    if (!folder.includes('/node_modules/')) return `node_modules/${name}` in packages;
  }
}
