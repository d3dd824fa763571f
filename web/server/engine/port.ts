// The engine as the control plane's services name it: what may be asked of it, with failures as values.
import type {
  Container,
  ContainerCreate,
  EngineEvent,
  EngineInfo,
  Image,
  ListedContainer,
  ListedImage,
  LogRecord,
  Network,
  NetworkSpec,
  Node,
  NodeSpec,
  PullLine,
  Secret,
  Service,
  ServiceSpec,
  Swarm,
  SwarmInit,
  SwarmSpec,
  Task,
  Volume,
} from './objects.ts';

/**
 * `absent`: nothing answers at the broker's socket, or the engine is down behind it. `refused`: the broker says no.
 * `missing`: there is no such thing. `conflict`: something of that name is there, or it is in use. `stale`: it has changed since it was
 * read (update out of sequence): read it again. `no-swarm`: this engine is no manager of a swarm. `late`: no answer in time, so whether it was
 * done is unknown. `failed`: all else that the engine says.
 */
export type EngineFailureKind =
  | 'absent'
  | 'refused'
  | 'missing'
  | 'conflict'
  | 'stale'
  | 'no-swarm'
  | 'late'
  | 'failed';

export interface EngineFailure {
  kind: EngineFailureKind;
  /** In the engine's or the broker's own words; at most 2,048 characters. */
  message: string;
}

export type EngineAnswer<T> = { ok: true; value: T } | { ok: false; failure: EngineFailure };

/** Answers of a call, each with a deadline. */
type Told<T> = Promise<EngineAnswer<T>>;

/** The engine's filters: several values of one key are alternatives. */
export type EngineFilters = Readonly<Record<string, readonly string[]>>;

/** Credentials as they travel to a registry in their own header. */
export interface RegistryAuth {
  username: string;
  password: string;
  serveraddress: string;
}

/** What is read from a stream until it ends or the signal is aborted; a stream that breaks rejects with an Error in the engine's words. */
export type EngineStream<T> = AsyncGenerator<T, void>;

export interface LogOptions {
  follow?: boolean;
  /** Seconds since the epoch. */
  since?: number;
  /** The last so many lines, at most 10,000. */
  tail: number;
}

export interface EnginePort {
  /** Whether the engine answers at all. */
  ping(): Told<undefined>;
  info(): Told<EngineInfo>;
  version(): Told<{ Version: string; ApiVersion: string }>;
  /** Events from `since` (seconds since the epoch) on; the broker ends the stream after 15 silent minutes. */
  events(
    options: { since?: number; until?: number; filters?: EngineFilters },
    signal: AbortSignal,
  ): EngineStream<EngineEvent>;
  services: {
    list(filters?: EngineFilters): Told<Service[]>;
    inspect(name: string): Told<Service>;
    create(spec: ServiceSpec, auth?: RegistryAuth): Told<{ ID: string }>;
    /** `version` is the index that was read; another writer's change in between answers `stale`. */
    update(name: string, version: number, spec: ServiceSpec, auth?: RegistryAuth): Told<{ Warnings?: string[] | null }>;
    remove(name: string): Told<undefined>;
    /** All replicas' lines, wherever they run, each with its task and node. */
    logs(name: string, options: LogOptions, signal: AbortSignal): EngineStream<LogRecord>;
  };
  tasks: {
    list(filters?: EngineFilters): Told<Task[]>;
    inspect(id: string): Told<Task>;
  };
  images: {
    list(options?: { sharedSize?: boolean }): Told<ListedImage[]>;
    inspect(reference: string): Told<Image>;
    /** Lines of progress; a line with `error` is the end of a pull that failed. */
    pull(reference: string, auth: RegistryAuth | undefined, signal: AbortSignal): EngineStream<PullLine>;
    /** What the registry itself says of a reference. */
    distribution(reference: string, auth?: RegistryAuth): Told<{ Descriptor: { digest: string; size?: number } }>;
    /** By its id; one in use stays and answers `conflict`. */
    remove(imageId: string): Told<readonly { Deleted?: string; Untagged?: string }[]>;
  };
  networks: {
    list(filters?: EngineFilters): Told<Network[]>;
    inspect(name: string): Told<Network>;
    create(spec: NetworkSpec): Told<{ Id: string }>;
    connect(name: string, container: string, aliases?: readonly string[]): Told<undefined>;
    disconnect(name: string, container: string): Told<undefined>;
    remove(name: string): Told<undefined>;
  };
  volumes: {
    list(filters?: EngineFilters): Told<{ Volumes: Volume[] | null }>;
    inspect(name: string): Told<Volume>;
    /** The engine walks each volume's files for it: to be asked now and then. */
    sizes(): Told<{ Volumes: readonly Pick<Volume, 'Name' | 'UsageData'>[] | null }>;
    create(name: string, labels: Readonly<Record<string, string>>): Told<Volume>;
    remove(name: string): Told<undefined>;
  };
  secrets: {
    list(filters?: EngineFilters): Told<Secret[]>;
    /** `data` is base64. */
    create(name: string, labels: Readonly<Record<string, string>>, data: string): Told<{ ID: string }>;
    remove(name: string): Told<undefined>;
  };
  nodes: {
    list(filters?: EngineFilters): Told<Node[]>;
    inspect(id: string): Told<Node>;
    update(id: string, version: number, spec: NodeSpec): Told<undefined>;
    remove(id: string, force: boolean): Told<undefined>;
  };
  swarm: {
    inspect(): Told<Swarm>;
    /** What machines join with: to be shown once and then rotated. */
    tokens(): Told<{ JoinTokens: { Worker: string; Manager: string } }>;
    init(options: SwarmInit): Told<undefined>;
    update(version: number, spec: SwarmSpec, rotate?: { worker?: boolean; manager?: boolean }): Told<undefined>;
  };
  containers: {
    list(options?: { all?: boolean; filters?: EngineFilters }): Told<ListedContainer[]>;
    inspect(id: string): Told<Container>;
    create(name: string, spec: ContainerCreate): Told<{ Id: string }>;
    start(id: string): Told<undefined>;
    /** `seconds`: how long the process has until it is killed. */
    stop(id: string, seconds?: number): Told<undefined>;
    restart(id: string, seconds?: number): Told<undefined>;
    /** Only Odyssey's own. */
    remove(name: string, force: boolean): Told<undefined>;
    logs(id: string, options: LogOptions, signal: AbortSignal): EngineStream<LogRecord>;
  };
}
