// What the engine says about networks, volumes, secrets, nodes, containers, logs and events; in its own words, as in `objects.ts`.
import type { HealthCheck, Labels, Version } from './objects.ts';

export interface Network {
  Id: string;
  Name: string;
  Driver: string;
  Scope: string;
  Attachable?: boolean;
  Internal?: boolean;
  Labels?: Labels | null;
  Created?: string;
  IPAM?: { Config?: readonly { Subnet?: string; Gateway?: string }[] | null };
  Containers?: Readonly<Record<string, { Name?: string; EndpointID?: string; IPv4Address?: string }>> | null;
}

export interface NetworkSpec {
  Name: string;
  Driver: 'overlay';
  Attachable: true;
  Internal?: boolean;
  Labels?: Labels;
}

export interface Volume {
  Name: string;
  Driver: string;
  Mountpoint?: string;
  CreatedAt?: string;
  Labels?: Labels | null;
  UsageData?: { Size: number; RefCount: number } | null;
}

export interface Secret {
  ID: string;
  Version: Version;
  CreatedAt: string;
  UpdatedAt: string;
  Spec: { Name: string; Labels?: Labels | null };
}

export interface NodeSpec {
  Name?: string;
  Labels?: Labels;
  Role: 'worker' | 'manager';
  Availability: 'active' | 'pause' | 'drain';
}

export interface Node {
  ID: string;
  Version: Version;
  CreatedAt: string;
  Spec: NodeSpec;
  Description?: {
    Hostname?: string;
    Platform?: { Architecture?: string; OS?: string };
    Resources?: { NanoCPUs?: number; MemoryBytes?: number };
    Engine?: { EngineVersion?: string };
  };
  Status: { State: string; Message?: string; Addr?: string };
  ManagerStatus?: { Leader?: boolean; Reachability?: string; Addr?: string };
}

export interface Swarm {
  ID: string;
  Version: Version;
  CreatedAt: string;
  Spec: SwarmSpec;
  DefaultAddrPool?: readonly string[] | null;
  SubnetSize?: number;
  RootRotationInProgress?: boolean;
}

/** As the engine gives it; it is sent back with what changed. */
export interface SwarmSpec {
  Name?: 'default';
  Labels?: Labels;
  Dispatcher?: { HeartbeatPeriod?: number };
  readonly [part: string]: unknown;
}

export interface SwarmInit {
  ListenAddr: string;
  AdvertiseAddr: string;
  DataPathAddr?: string;
  DefaultAddrPool?: readonly string[];
  SubnetSize?: number;
  Spec?: SwarmSpec;
}

export interface EngineInfo {
  ID?: string;
  Name: string;
  ServerVersion: string;
  NCPU: number;
  MemTotal: number;
  OperatingSystem?: string;
  Driver?: string;
  Swarm?: {
    NodeID?: string;
    NodeAddr?: string;
    /** `inactive`, `pending`, `active`, `error` or `locked`. */
    LocalNodeState: string;
    ControlAvailable?: boolean;
    Error?: string;
    Managers?: number;
    Nodes?: number;
  };
}

export interface ListedContainer {
  Id: string;
  Names: readonly string[];
  Image: string;
  ImageID: string;
  Created: number;
  State: string;
  Status: string;
  Labels: Labels;
  NetworkSettings?: { Networks?: Readonly<Record<string, { NetworkID?: string; IPAddress?: string }>> };
  Mounts?: readonly { Type: string; Name?: string; Source?: string; Destination: string }[];
}

export interface Container {
  Id: string;
  Name: string;
  Created: string;
  Image: string;
  RestartCount?: number;
  State: {
    Status: string;
    Running: boolean;
    OOMKilled?: boolean;
    Pid?: number;
    ExitCode: number;
    Error?: string;
    StartedAt?: string;
    FinishedAt?: string;
    Health?: {
      Status: string;
      FailingStreak?: number;
      Log?: readonly { Start?: string; End?: string; ExitCode?: number; Output?: string }[];
    };
  };
  Config: { Image: string; Labels: Labels; User?: string /** Names alone. */; Env?: readonly string[] };
  HostConfig?: { RestartPolicy?: { Name?: string }; Memory?: number; NanoCpus?: number };
  NetworkSettings?: { Networks?: Readonly<Record<string, { NetworkID?: string; IPAddress?: string }>> };
  Mounts?: readonly { Type: string; Name?: string; Source?: string; Destination: string; RW?: boolean }[];
}

/** The body of `POST /containers/create`; the broker takes no field beyond these. */
export interface ContainerCreate {
  Image: string;
  Entrypoint?: readonly string[];
  Cmd?: readonly string[];
  Env?: readonly string[];
  User: string;
  Labels: Labels;
  ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  Healthcheck?: HealthCheck;
  StopSignal?: string;
  StopTimeout?: number;
  HostConfig: {
    CapDrop: readonly ['ALL'];
    SecurityOpt: readonly ['no-new-privileges'];
    ReadonlyRootfs: true;
    RestartPolicy: { Name: 'no' | 'always' | 'on-failure'; MaximumRetryCount?: number };
    NetworkMode?: string;
    PortBindings?: Readonly<Record<string, readonly { HostIp?: string; HostPort: string }[]>>;
    Mounts?: readonly {
      Type: 'bind' | 'volume' | 'tmpfs';
      Source?: string;
      Target: string;
      ReadOnly?: boolean;
      TmpfsOptions?: { SizeBytes?: number; Mode?: number };
    }[];
    Memory: number;
    MemorySwap?: number;
    NanoCpus: number;
    PidsLimit: number;
    Init?: boolean;
  };
  NetworkingConfig?: { EndpointsConfig: Readonly<Record<string, { Aliases?: readonly string[] }>> };
}

/** A part of a line of a log at least, as the broker tells it: `ends` says that the line is whole with it. */
export interface LogRecord {
  /** `system`: the engine's own words about a log that it cannot read. */
  stream: 'stdout' | 'stderr' | 'system';
  /** RFC 3339 with nanoseconds; empty where the engine gave none. */
  time: string;
  /** Of a service's log: the task and the node that it ran on. */
  task?: string;
  node?: string;
  text: string;
  ends: boolean;
  /** There was more than is kept. */
  cut: boolean;
}

export interface EngineEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes?: Labels };
  scope?: string;
  time?: number;
  timeNano?: number;
}
