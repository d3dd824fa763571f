// What an act was done to, as people say it: the log keeps ids, which outlive every name; here they are read with the names of today.
import { shortTask } from './engine-names.ts';

/** Names by id; undefined while they are not known, and then nothing is said to be gone. */
export type Names = ReadonlyMap<string, string> | undefined;

export interface KnownNames {
  environments: Names;
  nodes: Names;
  /** What the records themselves call the one thing that they are about: a person, a container. */
  own?: string | undefined;
}

/** The name of it; where all are known and it is not among them, its id and that it is gone. */
export function nameOr(id: string, names: Names): string {
  return names?.get(id) ?? (names === undefined ? id : `${id} (gone)`);
}

/** `environment/0123456789abcdef/volume/vol-data` is the volume vol-data in shop; what has no name a person knows keeps its id. */
export function saySubject(subject: string, environment: string | undefined, known: KnownNames): string {
  const [kind = '', ...rest] = subject.split('/');
  const first = rest[0] ?? '';
  if (rest.length === 0) return subject;
  const where = environment === undefined ? '' : ` in ${nameOr(environment, known.environments)}`;
  switch (kind) {
    case 'environment':
      return sayEnvironment(first, rest.slice(1), known.environments);
    case 'node':
      return `node ${nameOr(first, known.nodes)}`;
    case 'person':
      return `person ${known.own ?? first}`;
    case 'container':
      return `container ${known.own === undefined ? first : shortTask(known.own)}`;
    case 'threat':
      return `process ${rest.slice(1).join('/')} on ${first}`;
    default:
      return `${kind} ${rest.join('/')}${where}`;
  }
}

const environmentId = /^[0-9a-f]{16}$/;

/** A new environment is recorded by its name; everything later by its id. */
function sayEnvironment(id: string, path: readonly string[], names: Names): string {
  const name = environmentId.test(id) ? nameOr(id, names) : id;
  if (path.length === 0) return `environment ${name}`;
  const things = Array.from({ length: Math.ceil(path.length / 2) }, (_, place) => path.slice(2 * place, 2 * place + 2));
  return `${things.map((pair) => pair.join(' ')).join(', ')} in ${name}`;
}
