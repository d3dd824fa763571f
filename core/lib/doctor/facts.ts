// What is known about a machine before anything is started on it; undefined is "could not be read", never none.

export interface PortFact {
  name: string;
  port: number;
  /** free; ours: a process of the Odyssey that runs on this data folder; taken, by whom where that can be seen. */
  state: 'free' | 'ours' | 'taken';
  owner?: string;
}

export interface CgroupFact {
  version: 'v2' | 'v1' | 'none';
  controllers: readonly string[];
}

export type DockerFact =
  | { kind: 'absent' }
  | { kind: 'refused'; reason: string }
  | {
      kind: 'engine';
      version: string;
      logDriver: string | undefined;
      /** undefined: /etc/docker/daemon.json could not be read. */
      logsRotate: boolean | undefined;
      /** Pools that networks of environments come from; none without a swarm, undefined: the engine did not say. */
      pools?: readonly PoolFact[] | undefined;
    };

export interface PoolFact {
  /** `10.97.0.0/16` */
  pool: string;
  /** Whether a packet to it is refused here; undefined: the routes could not be read. */
  refused: boolean | undefined;
}

export type GpuFact =
  | { kind: 'none' }
  | { kind: 'no-driver' }
  /** A card that this container was not given. */
  | { kind: 'elsewhere' }
  | { kind: 'silent'; reason: string }
  | { kind: 'gpus'; names: readonly string[] };

export interface Facts {
  memoryBytes: number | undefined;
  swapBytes: number | undefined;
  disk: { folder: string; freeBytes: number; sizeBytes: number; inodesFree: number | undefined } | undefined;
  ports: readonly PortFact[];
  kernel: string;
  cgroup: CgroupFact;
  docker: DockerFact;
  timeSync: { state: 'yes' | 'no' | 'unknown'; by?: string };
  gpu: GpuFact;
  node: string;
}
