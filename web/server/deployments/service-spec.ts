// From a revision to the swarm service that runs it: the whole specification, written anew each time from what is recorded.
import type { RevisionSpec } from '../../../core/contracts/deployment-spec.ts';
import type { HealthCheck, Rollout, SecretReference, ServiceMount, ServiceSpec } from '../engine/objects.ts';
import { networkOf, ownLabels } from './names.ts';

/** What is recorded of a revision, and what of its service changes while it lasts. */
export interface ServiceInput {
  service: string;
  environment: string;
  deployment: string;
  revision: string;
  /** `sha256:…` or `name@sha256:…`; never a tag. */
  pinned: string;
  spec: RevisionSpec;
  specHash: string;
  replicas: number;
  /** Present versions of the secrets that the revision names. */
  secrets: readonly SecretReference[];
  /** The only node that it can run on, as its volumes or its image lie there alone; undefined where any will do. */
  node: string | undefined;
  /** Networks that it is attached to beside the environment's own. */
  networks: readonly string[];
  /** Raised to have every task replaced. */
  forceUpdate: number;
}

/** The engine counts durations in nanoseconds. */
const second = 1e9;
const megabyte = 1024 * 1024;

/** A revision with a volume is one task on the volume's node, and the old one ends before the new one starts. */
export function toServiceSpec(input: ServiceInput): ServiceSpec {
  const { spec } = input;
  const labels = {
    [ownLabels.environment]: input.environment,
    [ownLabels.deployment]: input.deployment,
    [ownLabels.revision]: input.revision,
    // The engine tells networks by ids alone: what a task was started with is told by this.
    ...(input.networks.length > 0 && { [ownLabels.networks]: [...input.networks].sort().join(',') }),
  };
  const order = spec.volumes.length > 0 ? 'stop-first' : 'start-first';
  return {
    Name: input.service,
    Labels: { ...labels, [ownLabels.spec]: input.specHash },
    Mode: { Replicated: { Replicas: input.replicas } },
    // The kernel may lack IP_VS, which virtual addresses and the swarm's own ingress need.
    EndpointSpec: { Mode: 'dnsrr' },
    TaskTemplate: {
      Networks: [networkOf(input.environment), ...input.networks].map((Target) => ({ Target })),
      ContainerSpec: toContainerSpec(input, labels),
      Resources: {
        Limits: {
          MemoryBytes: spec.limits.memoryMegabytes * megabyte,
          NanoCPUs: Math.round(spec.limits.cpus * second),
          ...(spec.limits.processes !== undefined && { Pids: spec.limits.processes }),
        },
      },
      RestartPolicy: toRestartPolicy(spec),
      Placement: toPlacement(input),
      ForceUpdate: input.forceUpdate,
    },
    UpdateConfig: toRollout(spec, order, 'rollback', spec.rollout.monitorSeconds),
    RollbackConfig: toRollout(spec, order, 'pause', 1),
  };
}

function toContainerSpec({ pinned, spec, secrets }: ServiceInput, labels: Readonly<Record<string, string>>) {
  return {
    Image: pinned,
    Labels: labels, // again: a service's labels do not reach its containers
    ...(spec.command && { Command: spec.command }),
    ...(spec.args && { Args: spec.args }),
    ...(spec.workingFolder !== undefined && { Dir: spec.workingFolder }),
    ...(spec.user !== undefined && { User: spec.user }),
    ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
    ...(spec.healthCheck && { HealthCheck: toHealthCheck(spec.healthCheck) }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Init: spec.init,
    ReadOnly: spec.readOnlyRoot,
    StopGracePeriod: Math.round(spec.stopGraceSeconds * second),
    Secrets: secrets,
    Mounts: toMounts(spec),
    CapabilityDrop: ['ALL'] as const,
    Privileges: { NoNewPrivileges: true } as const,
  };
}

function toHealthCheck(check: NonNullable<RevisionSpec['healthCheck']>): HealthCheck {
  return {
    Test: ['CMD', ...check.command],
    Interval: Math.round(check.intervalSeconds * second),
    Timeout: Math.round(check.timeoutSeconds * second),
    StartPeriod: Math.round(check.startPeriodSeconds * second),
    StartInterval: Math.round(check.startIntervalSeconds * second),
    Retries: check.retries,
  };
}

function toMounts({ volumes, memoryFolders }: RevisionSpec): ServiceMount[] {
  return [
    ...volumes.map(({ name, path, readOnly }) => ({
      ...{ Type: 'volume' as const, Source: name, Target: path, ReadOnly: readOnly },
    })),
    ...memoryFolders.map(({ path, megabytes }) => ({
      ...{ Type: 'tmpfs' as const, Target: path, TmpfsOptions: { SizeBytes: megabytes * megabyte } },
    })),
  ];
}

function toRestartPolicy({ restart }: RevisionSpec): ServiceSpec['TaskTemplate']['RestartPolicy'] {
  return {
    Condition: restart.condition,
    Delay: Math.round(restart.delaySeconds * second),
    ...(restart.attemptsMax !== undefined && { MaxAttempts: restart.attemptsMax }),
    ...(restart.windowSeconds !== undefined && { Window: Math.round(restart.windowSeconds * second) }),
  };
}

function toPlacement({ spec, node }: ServiceInput) {
  const pin = node === undefined ? [] : [`node.id==${node}`];
  return {
    Constraints: [...spec.placement.constraints, ...pin],
    ...(spec.placement.replicasPerNodeMax !== undefined && { MaxReplicas: spec.placement.replicasPerNodeMax }),
  };
}

/** The engine's own defaults are to pause and to watch for 5 s: both are always said. */
function toRollout(
  { rollout }: RevisionSpec,
  order: Rollout['Order'],
  onFailure: 'rollback' | 'pause',
  monitorSeconds: number,
): Rollout {
  return {
    Parallelism: rollout.parallelism,
    Order: order,
    FailureAction: onFailure,
    Monitor: Math.round(monitorSeconds * second),
    MaxFailureRatio: 0,
  };
}
