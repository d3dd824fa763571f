// What differs between two revisions: the image as it was resolved, names of variables, and other fields; never a value of the environment.
import type { RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import type { RevisionDiff } from '../../../core/contracts/deployments.ts';

export interface Compared {
  revision: string;
  pinned: string;
  spec: RevisionSpec;
}

const textMax = 400;

export function diff(from: Compared, to: Compared): RevisionDiff {
  return {
    from: from.revision,
    to: to.revision,
    image: from.pinned === to.pinned ? null : { from: from.pinned, to: to.pinned },
    env: diffEnv(from.spec.env, to.spec.env),
    fields: diffFields(from.spec, to.spec),
  };
}

function diffEnv(from: RevisionSpec['env'], to: RevisionSpec['env']): RevisionDiff['env'] {
  const names = (env: RevisionSpec['env'], keep: (name: string) => boolean) => Object.keys(env).filter(keep).sort();
  return {
    added: names(to, (name) => !Object.hasOwn(from, name)),
    removed: names(from, (name) => !Object.hasOwn(to, name)),
    changed: names(to, (name) => Object.hasOwn(from, name) && from[name] !== to[name]),
  };
}

function diffFields(from: RevisionSpec, to: RevisionSpec): RevisionDiff['fields'] {
  const [before, after] = [flat(from), flat(to)];
  const fields = [...new Set([...before.keys(), ...after.keys()])].sort();
  return fields
    .filter((field) => before.get(field) !== after.get(field))
    .map((field) => ({ field, from: before.get(field) ?? '–', to: after.get(field) ?? '–' }));
}

/** `limits.cpus` → `0.5`; lists stand as one value. */
function flat({ env: _, image: __, ...spec }: RevisionSpec): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, item] of Object.entries(value)) walk(item, name === '' ? key : `${name}.${key}`);
    } else if (value !== undefined) found.set(name, JSON.stringify(value).slice(0, textMax));
  };
  walk(spec, '');
  return found;
}
