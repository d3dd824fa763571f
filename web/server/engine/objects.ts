// What the engine says about its things: the fields that Odyssey reads, in the engine's own words. What may be missing is optional.
export type * from './host-objects.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Version {
  Index: number;
}

export interface HealthCheck {
  Test: readonly string[];
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

export interface ServiceMount {
  Type: 'volume' | 'tmpfs';
  Source?: string;
  Target: string;
  ReadOnly?: boolean;
  TmpfsOptions?: { SizeBytes?: number; Mode?: number };
}

export interface SecretReference {
  SecretID: string;
  SecretName: string;
  File: { Name: string; UID: string; GID: string; Mode: number };
}

export interface Rollout {
  Parallelism: number;
  Order: 'start-first' | 'stop-first';
  FailureAction: 'pause' | 'continue' | 'rollback';
  /** Nanoseconds, as all durations here. */
  Monitor?: number;
  Delay?: number;
  MaxFailureRatio?: number;
}

interface ContainerSpec {
  Image: string;
  Labels: Labels;
  Command?: readonly string[];
  Args?: readonly string[];
  /** `NAME=value` when sent; names alone when read back through the broker. */
  Env?: readonly string[];
  Dir?: string;
  User?: string;
  Hostname?: string;
  Init?: boolean;
  ReadOnly?: boolean;
  StopSignal?: string;
  StopGracePeriod?: number;
  HealthCheck?: HealthCheck;
  Mounts?: readonly ServiceMount[];
  Secrets?: readonly SecretReference[];
  CapabilityDrop: readonly ['ALL'];
  Privileges: { NoNewPrivileges: true };
}

export interface ServiceSpec {
  Name: string;
  Labels: Labels;
  Mode: { Replicated: { Replicas: number } };
  EndpointSpec: { Mode: 'dnsrr' };
  TaskTemplate: {
    ContainerSpec: ContainerSpec;
    Resources: {
      Limits: { MemoryBytes: number; NanoCPUs: number; Pids?: number };
      Reservations?: { MemoryBytes?: number; NanoCPUs?: number };
    };
    RestartPolicy: { Condition: 'none' | 'on-failure' | 'any'; Delay?: number; MaxAttempts?: number; Window?: number };
    Placement?: { Constraints?: readonly string[]; MaxReplicas?: number };
    Networks: readonly { Target: string; Aliases?: readonly string[] }[];
    ForceUpdate?: number;
  };
  UpdateConfig: Rollout;
  RollbackConfig: Rollout;
}

export interface Service {
  ID: string;
  Version: Version;
  CreatedAt: string;
  UpdatedAt: string;
  Spec: ServiceSpec;
  PreviousSpec?: ServiceSpec;
  UpdateStatus?: { State: string; StartedAt?: string; CompletedAt?: string; Message?: string };
}

export interface Task {
  ID: string;
  CreatedAt: string;
  UpdatedAt: string;
  Labels?: Labels;
  Spec: { ContainerSpec: ContainerSpec; ForceUpdate?: number };
  ServiceID: string;
  Slot?: number;
  NodeID?: string;
  DesiredState: string;
  Status: {
    Timestamp: string;
    State: string;
    Message?: string;
    Err?: string;
    ContainerStatus?: { ContainerID?: string; PID?: number; ExitCode?: number };
  };
}

export interface Image {
  Id: string;
  RepoTags?: readonly string[] | null;
  RepoDigests?: readonly string[] | null;
  Size: number;
  Created?: string;
  Config?: {
    ExposedPorts?: Readonly<Record<string, unknown>> | null;
    Healthcheck?: HealthCheck | null;
    Env?: readonly string[] | null;
    Labels?: Labels | null;
    Volumes?: Readonly<Record<string, unknown>> | null;
    User?: string;
  };
}

/** One of the list, where `Created` is seconds since the epoch. */
export interface ListedImage {
  Id: string;
  RepoTags?: readonly string[] | null;
  RepoDigests?: readonly string[] | null;
  Size: number;
  /** Of its bytes those that other images have as well; -1 unless it was asked for. */
  SharedSize?: number;
  Created: number;
  Labels?: Labels | null;
}

/** One line of a pull. */
export interface PullLine {
  id?: string;
  status?: string;
  error?: string;
  progressDetail?: { current?: number; total?: number };
}
