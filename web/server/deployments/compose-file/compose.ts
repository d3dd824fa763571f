// From a compose file to deployments: a documented subset. A key that is not in it is refused by its name, so that nothing is lost silently.
import { z } from 'zod';
import { type DeploymentSpec, deploymentSpec } from '../../../../core/contracts/deployment-spec.ts';
import { bytesOf, memoryFolderOf, sameNames, secondsOf, withoutVariables, wordsOf } from './values.ts';

export interface Composed {
  deployments: DeploymentSpec[];
  /** Named volumes, as they are called among Odyssey's. */
  volumes: string[];
  secrets: string[];
  warnings: string[];
}

export type ComposeReading = { kind: 'read'; composed: Composed } | { kind: 'refused'; problems: string[] };

const text = z.string().max(8_192);
const scalar = z.union([z.string().max(32_768), z.number(), z.boolean(), z.null()]);
const words = z.union([text, z.array(text).max(256)]);
const duration = z.string().regex(/^(\d+(\.\d+)?(us|ms|s|m|h))+$/, 'a duration such as 1m30s');
const size = z.union([z.int().min(1), z.string().regex(/^\d+(\.\d+)?([kmg]b?|b)?$/i, 'a size such as 512m')]);
const cpus = z.union([z.number(), z.string().regex(/^\d+(\.\d+)?$/, 'a number such as 0.5')]);
const amounts = z.strictObject({ cpus: cpus.optional(), memory: size.optional(), pids: z.int().min(1).optional() });

const check = z.strictObject({
  test: words.optional(),
  ...{ interval: duration.optional(), timeout: duration.optional(), start_period: duration.optional() },
  ...{ start_interval: duration.optional(), retries: z.int().min(1).max(100).optional() },
  disable: z.boolean().optional(),
});

const mount = z.union([
  text,
  z.strictObject({
    type: z.enum(['volume', 'tmpfs']),
    ...{ source: text.optional(), target: text, read_only: z.boolean().optional() },
    tmpfs: z.strictObject({ size }).optional(),
  }),
]);

const deploy = z.strictObject({
  replicas: z.int().min(0).max(250).optional(),
  resources: z.strictObject({ limits: amounts.optional() }).optional(),
  restart_policy: z
    .strictObject({
      condition: z.enum(['none', 'on-failure', 'any']).optional(),
      ...{ delay: duration.optional(), window: duration.optional(), max_attempts: z.int().min(0).optional() },
    })
    .optional(),
  placement: z
    .strictObject({
      constraints: z.array(text).max(31).optional(),
      max_replicas_per_node: z.int().min(1).optional(),
    })
    .optional(),
});

const service = z.strictObject({
  image: text,
  ...{ command: words.optional(), entrypoint: words.optional(), working_dir: text.optional(), user: text.optional() },
  environment: z.union([z.record(z.string(), scalar), z.array(text).max(256)]).optional(),
  expose: z
    .array(z.union([z.int(), z.string().regex(/^\d{1,5}$/, 'a port')]))
    .max(1, 'one port')
    .optional(),
  healthcheck: check.optional(),
  ...{ mem_limit: size.optional(), cpus: cpus.optional(), pids_limit: z.int().min(1).optional() },
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional(),
  secrets: z
    .array(z.union([text, z.strictObject({ source: text, target: text.optional(), mode: z.int().optional() })]))
    .max(32)
    .optional(),
  volumes: z.array(mount).max(16).optional(),
  tmpfs: words.optional(),
  ...{ read_only: z.boolean().optional(), init: z.boolean().optional() },
  ...{ stop_grace_period: duration.optional(), stop_signal: text.optional() },
  deploy: deploy.optional(),
  'x-odyssey': z
    .strictObject({
      hosts: z.array(text).max(50).optional(),
      ...{ health_path: text.optional(), sticky: z.boolean().optional() },
    })
    .optional(),
});

const composeFile = z.strictObject({
  version: z.union([z.string(), z.number()]).optional(),
  name: z.string().optional(),
  services: z.record(z.string(), service).refine((all) => Object.keys(all).length <= 32, 'at most 32 services'),
  volumes: z.record(z.string(), z.union([z.null(), z.strictObject({})])).optional(),
  secrets: z.record(z.string(), z.strictObject({ external: z.literal(true) })).optional(),
});

type Service = z.infer<typeof service>;

/** `document` is what the YAML says; nothing of it is trusted. */
export function readCompose(document: unknown): ComposeReading {
  const checked = composeFile.safeParse(document);
  if (!checked.success) return { kind: 'refused', problems: checked.error.issues.slice(0, 20).map(explain) };
  const problems: string[] = [];
  const { services, volumes = {}, secrets = {}, name: project } = withoutVariables(checked.data, problems);
  const composed: Composed = { deployments: [], volumes: [], secrets: Object.keys(secrets).sort(), warnings: [] };
  if (project !== undefined)
    composed.warnings.push('name is not used: deployments are called as their services, volumes as they are declared.');
  for (const [name, one] of Object.entries(services)) {
    const made = deploymentSpec.safeParse(toSpec(name, one, composed.warnings, problems));
    if (made.success) composed.deployments.push(made.data);
    else problems.push(...made.error.issues.slice(0, 5).map((issue) => `services.${name}: ${explain(issue)}`));
  }
  problems.push(...disagreements(composed, Object.keys(volumes)));
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'read', composed };
}

/** What does not fit together: each of it would be lost, or shared by mistake. */
function disagreements(composed: Composed, volumes: readonly string[]): string[] {
  const problems: string[] = [];
  const used = composed.deployments.flatMap((one) => one.volumes.map(({ name }) => name));
  composed.volumes = [...new Set(used)].sort();
  const declared = new Set(volumes.map(volumeName));
  for (const name of composed.volumes)
    if (!declared.has(name)) problems.push(`volumes: ${name.slice(4)} is used and not declared.`);
  for (const same of sameNames(volumes, volumeName))
    problems.push(`volumes: ${same.join(' and ')} would both be ${volumeName(same[0]!)}; call one of them otherwise.`);
  const secrets = new Set(composed.deployments.flatMap((one) => one.secrets.map(({ name }) => name)));
  for (const name of secrets)
    if (!composed.secrets.includes(name)) problems.push(`secrets: ${name} is used and not declared.`);
  const hosts = composed.deployments.flatMap((one) => one.hosts);
  for (const [host] of sameNames(hosts, (one) => one)) problems.push(`x-odyssey.hosts: ${host} is asked for twice.`);
  return problems;
}

function explain(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${place === '' ? key : `${place}.${key}`} is not supported.`).join(' ');
  return `${place === '' ? 'the file' : place}: ${issue.message}`;
}

function toSpec(name: string, one: Service, warnings: string[], problems: string[]): Record<string, unknown> {
  const { deploy: how = {}, 'x-odyssey': own = {}, healthcheck } = one;
  if (one.restart === 'unless-stopped') warnings.push(`services.${name}.restart: unless-stopped is taken as any.`);
  const port = one.expose?.[0];
  return known({
    ...{ name, image: one.image, command: split(one.entrypoint, `services.${name}.entrypoint`, problems) },
    args: split(one.command, `services.${name}.command`, problems),
    ...{ workingFolder: one.working_dir, user: one.user, env: environmentOf(one.environment, name, problems) },
    ...{ port: port === undefined ? undefined : Number(port), hosts: own.hosts, sticky: own.sticky },
    ...{ healthPath: own.health_path, replicas: how.replicas, healthCheck: healthOf(healthcheck, name, problems) },
    limits: limitsOf(one),
    secrets: one.secrets?.map((use) =>
      typeof use === 'string' ? { name: use } : known({ name: use.source, file: use.target, mode: use.mode }),
    ),
    ...mountsOf(one, name, problems),
    ...{ readOnlyRoot: one.read_only, init: one.init, stopSignal: one.stop_signal },
    stopGraceSeconds: secondsOf(one.stop_grace_period),
    restart: restartOf(one),
    placement:
      how.placement &&
      known({ constraints: how.placement.constraints, replicasPerNodeMax: how.placement.max_replicas_per_node }),
  });
}

function known(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A string is words between spaces; with quotes a list is asked for. */
function split(value: string | string[] | undefined, place: string, problems: string[]): string[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  const words = wordsOf(value);
  if (words === undefined) problems.push(`${place}: quotes and backslashes need a shell’s rules; give a list.`);
  return words;
}

function environmentOf(given: Service['environment'], name: string, problems: string[]): Record<string, string> {
  const pairs = Array.isArray(given)
    ? given.map(
        (line) => [line.split('=', 1)[0]!, line.includes('=') ? line.slice(line.indexOf('=') + 1) : undefined] as const,
      )
    : Object.entries(given ?? {}).map(([key, value]) => [key, value === null ? undefined : String(value)] as const);
  for (const [key, value] of pairs) {
    if (value === undefined)
      problems.push(`services.${name}.environment.${key}: give a value; there is no shell that it could come from.`);
  }
  return Object.fromEntries(pairs.map(([key, value]) => [key, value ?? '']));
}

function healthOf(
  given: Service['healthcheck'],
  name: string,
  problems: string[],
): Record<string, unknown> | undefined {
  if (given === undefined || given.disable === true || given.test?.[0] === 'NONE') return undefined;
  const { test } = given;
  const command = typeof test === 'string' ? ['/bin/sh', '-c', test] : healthCommand(test);
  if (command === undefined)
    problems.push(`services.${name}.healthcheck.test: give ["CMD", …], ["CMD-SHELL", …] or a string.`);
  return known({
    ...{ command, retries: given.retries, intervalSeconds: secondsOf(given.interval) },
    ...{ timeoutSeconds: secondsOf(given.timeout), startPeriodSeconds: secondsOf(given.start_period) },
    startIntervalSeconds: secondsOf(given.start_interval),
  });
}

function healthCommand(test: string[] | undefined): string[] | undefined {
  if (test?.[0] === 'CMD') return test.slice(1);
  return test?.[0] === 'CMD-SHELL' ? ['/bin/sh', '-c', ...test.slice(1)] : undefined;
}

function limitsOf(one: Service): Record<string, unknown> | undefined {
  const given = one.deploy?.resources?.limits ?? {};
  const memory = given.memory ?? one.mem_limit;
  const cpu = given.cpus ?? one.cpus;
  const found = known({
    memoryMegabytes: memory === undefined ? undefined : Math.ceil(bytesOf(memory) / 2 ** 20),
    cpus: cpu === undefined ? undefined : Number(cpu),
    processes: given.pids ?? one.pids_limit,
  });
  return Object.keys(found).length === 0 ? undefined : found;
}

function mountsOf(one: Service, name: string, problems: string[]): Record<string, unknown> {
  const volumes: object[] = [];
  const memoryFolders: object[] = [];
  for (const line of typeof one.tmpfs === 'string' ? [one.tmpfs] : (one.tmpfs ?? [])) {
    const found = memoryFolderOf(line);
    if (found === undefined) problems.push(`services.${name}.tmpfs: ${line}: a path, or a path with :size=16m.`);
    else memoryFolders.push(found);
  }
  for (const given of one.volumes ?? []) {
    const found = typeof given === 'string' ? readShort(given) : given;
    if (found === undefined || (found.type === 'volume' && !/^[a-z0-9][a-z0-9_.-]*$/.test(found.source ?? '')))
      problems.push(
        `services.${name}.volumes: ${JSON.stringify(given)} is no named volume; folders of the host are not mounted.`,
      );
    else if (found.type === 'tmpfs' ? (found.source ?? found.read_only) !== undefined : found.tmpfs !== undefined)
      problems.push(`services.${name}.volumes: ${JSON.stringify(given)} mixes a volume with a folder in memory.`);
    else if (found.type === 'tmpfs')
      memoryFolders.push({ path: found.target, megabytes: Math.ceil(bytesOf(found.tmpfs?.size ?? '64m') / 2 ** 20) });
    else volumes.push({ name: volumeName(found.source!), path: found.target, readOnly: found.read_only ?? false });
  }
  return { volumes, memoryFolders };
}

function readShort(given: string): Exclude<z.infer<typeof mount>, string> | undefined {
  const [source, target, mode, ...more] = given.split(':');
  if (source === undefined || target === undefined || more.length > 0 || !['ro', 'rw', undefined].includes(mode))
    return undefined;
  return { type: 'volume', source, target, read_only: mode === 'ro' };
}

/** Among Odyssey's volumes a name begins with `vol-` and has no underscore. */
function volumeName(name: string): string {
  const plain = name.toLowerCase().replace(/[_.]/g, '-');
  return plain.startsWith('vol-') ? plain : `vol-${plain}`;
}

function restartOf({ restart, deploy: how }: Service): Record<string, unknown> | undefined {
  const given = how?.restart_policy;
  if (given === undefined && restart === undefined) return undefined;
  const words = { no: 'none', always: 'any', 'on-failure': 'on-failure', 'unless-stopped': 'any' } as const;
  return known({
    condition: given?.condition ?? (restart === undefined ? undefined : words[restart]),
    ...{
      delaySeconds: secondsOf(given?.delay),
      windowSeconds: secondsOf(given?.window),
      attemptsMax: given?.max_attempts,
    },
  });
}
