// A deployment between the form's text fields and the specification that the server takes; both ways, without losing what the form has no field for.
import type { DeploymentSpec, RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import { joinWords, splitWords } from './words.ts';

/** What the server takes before defaults are filled in. */
export type SpecInput = Pick<DeploymentSpec, 'name' | 'image'> &
  Partial<Omit<DeploymentSpec, 'name' | 'image' | 'healthCheck'>> & {
    healthCheck?: Partial<NonNullable<DeploymentSpec['healthCheck']>>;
  };

export const emptyFields = {
  ...{ name: '', image: '', replicas: '1', hosts: '', port: '', healthPath: '' },
  ...{ memoryMegabytes: '512', cpus: '0.5', env: '', secrets: '', volumes: '' },
  ...{ command: '', args: '', check: '', deadlineSeconds: '300' },
};
export type Fields = typeof emptyFields;
export type Problems = Partial<Record<keyof Fields, string>>;

/** The fields that belong to the deployment as a whole; an update leaves them alone. */
const settingFields: readonly (keyof Fields)[] = ['name', 'replicas', 'hosts'];

export function fieldsOf(spec: RevisionSpec, settings: Pick<DeploymentSpec, 'name' | 'replicas' | 'hosts'>): Fields {
  return {
    ...{ name: settings.name, replicas: String(settings.replicas), hosts: settings.hosts.join(' ') },
    ...{ image: spec.image, port: spec.port?.toString() ?? '', healthPath: spec.healthPath ?? '' },
    ...{ memoryMegabytes: String(spec.limits.memoryMegabytes), cpus: String(spec.limits.cpus) },
    env: Object.entries(spec.env)
      .map(([name, value]) => `${name}=${/^"|\n/.test(value) ? JSON.stringify(value) : value}`)
      .join('\n'),
    secrets: spec.secrets.map(({ name, file }) => (file === undefined ? name : `${name}:${file}`)).join('\n'),
    volumes: spec.volumes.map(({ name, path, readOnly }) => `${name}:${path}${readOnly ? ':ro' : ''}`).join('\n'),
    ...{ command: joinWords(spec.command ?? []), args: joinWords(spec.args ?? []) },
    ...{ check: joinWords(spec.healthCheck?.command ?? []), deadlineSeconds: String(spec.rollout.deadlineSeconds) },
  };
}

/** What the fields say, on the ground of `base` where there is one. `spec` is whole only where there are no problems. */
export function readFields(fields: Fields, base?: RevisionSpec): { spec: SpecInput; problems: Problems } {
  const problems: Problems = {};
  const note = (field: keyof Fields, text: string | undefined): void => {
    if (text !== undefined) problems[field] = text;
  };
  if (fields.image.trim() === '') note('image', 'An image is needed, such as registry.example/shop:1.4.');
  const number = (field: keyof Fields, whole = true): number => {
    const value = Number(fields[field].trim() || Number.NaN);
    note(field, Number.isFinite(value) && value >= 0 && (!whole || Number.isInteger(value)) ? undefined : 'A number.');
    return value;
  };
  const words = (field: 'command' | 'args' | 'check'): string[] | undefined => {
    const found = splitWords(fields[field]);
    note(field, found === undefined ? 'A quote is never closed.' : undefined);
    return found === undefined || found.length === 0 ? undefined : found;
  };
  const env = readEnv(fields.env);
  note('env', env.problem);
  const volumes = readVolumes(fields.volumes);
  note('volumes', volumes.problem);
  const [command, args, check] = [words('command'), words('args'), words('check')];
  const { limits, rollout, healthCheck } = base ?? {};
  const spec: SpecInput = {
    ...{ name: fields.name.trim(), image: fields.image.trim(), replicas: number('replicas') },
    ...{ hosts: fields.hosts.split(/[\s,]+/).filter(Boolean), env: env.env },
    limits: { ...limits, memoryMegabytes: number('memoryMegabytes'), cpus: number('cpus', false) },
    rollout: { ...(rollout ?? rolloutDefault), deadlineSeconds: number('deadlineSeconds', false) },
    ...{ secrets: readSecrets(fields.secrets, base?.secrets ?? []), volumes: volumes.volumes },
    ...(command === undefined ? {} : { command }),
    ...(args === undefined ? {} : { args }),
    ...(check === undefined ? {} : { healthCheck: { ...healthCheck, command: check } }),
    ...(fields.port.trim() === '' ? {} : { port: number('port') }),
    ...(fields.healthPath.trim() === '' ? {} : { healthPath: fields.healthPath.trim() }),
  };
  return { spec, problems };
}

const rolloutDefault = { parallelism: 1, monitorSeconds: 3, deadlineSeconds: 300 };
const removable = ['command', 'args', 'port', 'healthPath', 'healthCheck'] as const;

/** What an update sends: only what differs from the revision, null for what was taken away. */
export function changeOf(spec: SpecInput, base: RevisionSpec): Record<string, unknown> {
  const change: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(spec)) {
    if ((settingFields as readonly string[]).includes(key)) continue;
    if (canonical(value) !== canonical(base[key as keyof RevisionSpec])) change[key] = value;
  }
  for (const key of removable) if (spec[key] === undefined && base[key] !== undefined) change[key] = null;
  return change;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
}

/** `NAME=value`, one a line; a value in double quotes is JSON, so that it may hold line breaks. */
function readEnv(text: string): { env: Record<string, string>; problem?: string } {
  const env: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const at = line.indexOf('=');
    if (at < 1) return { env, problem: `“${line.slice(0, 40)}” is not NAME=value.` };
    const [name, value] = [line.slice(0, at).trim(), line.slice(at + 1)];
    if (Object.hasOwn(env, name)) return { env, problem: `${name} is there twice.` };
    const read = value.startsWith('"') ? readQuoted(value) : value;
    if (read === undefined) return { env, problem: `The value of ${name} opens a quote and does not close it.` };
    env[name] = read;
  }
  return { env };
}

function readQuoted(value: string): string | undefined {
  try {
    const read: unknown = JSON.parse(value);
    return typeof read === 'string' ? read : undefined;
  } catch {
    return undefined;
  }
}

/** `name` or `name:file`; owner and mode stay as they were in the revision. */
function readSecrets(text: string, before: RevisionSpec['secrets']): RevisionSpec['secrets'] {
  return linesOf(text).map((line) => {
    const [name = '', file] = line.trim().split(':');
    const known = before.find((one) => one.name === name) ?? { uid: 0, gid: 0, mode: 0o444 };
    const { uid, gid, mode } = known;
    return { name, ...(file ? { file } : {}), uid, gid, mode };
  });
}

/** `vol-data:/data` or `vol-data:/data:ro`. */
function readVolumes(text: string): { volumes: RevisionSpec['volumes']; problem?: string } {
  const volumes: RevisionSpec['volumes'] = [];
  for (const line of linesOf(text)) {
    const parts = /^\s*([^:\s]+):(\/[^:]+)(:ro)?\s*$/.exec(line);
    if (parts === null)
      return { volumes, problem: `“${line.slice(0, 60)}” is not vol-name:/path or vol-name:/path:ro.` };
    volumes.push({ name: parts[1]!, path: parts[2]!, readOnly: parts[3] !== undefined });
  }
  return { volumes };
}
