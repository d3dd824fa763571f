// What secrets need of others: a place that keeps the values, and the deployments that mount them.
import type { AuditActor } from '../../../core/contracts/audit.ts';
import type { EngineAnswer } from '../engine/port.ts';

/** A version as its store tells it: everything but the value. */
export interface StoredSecret {
  environment: string;
  name: string;
  version: number;
  /** The store's own identifier, which a mount names. */
  id: string;
  /** The store's own name. */
  storedAs: string;
  /** Unix seconds. */
  created: number;
}

/** Values go in and never come out; versions are immutable. The swarm's is one, Vault could be another. */
export interface SecretStore {
  /** Versions of every secret of ours; of one environment where it is named. */
  list(environment?: string): Promise<EngineAnswer<StoredSecret[]>>;
  /** `base64` is the value. A version that is there already answers `conflict`. */
  put(secret: {
    environment: string;
    name: string;
    version: number;
    base64: string;
  }): Promise<EngineAnswer<StoredSecret>>;
  /** One that a service mounts answers `conflict`. */
  remove(secret: Pick<StoredSecret, 'environment' | 'name' | 'version'>): Promise<EngineAnswer<undefined>>;
}

export interface SecretActor {
  kind: AuditActor['kind'];
  id: string;
  person: string;
}

/** The deployments, as a rotation needs them. */
export interface SecretUsers {
  /**
   * Gives every service of the deployment the present versions of its secrets, replica by replica; resolves when its tasks run with them,
   * or with why they do not. Throws a UserError where something else goes on with it.
   */
  renewSecrets(actor: SecretActor, environment: string, deployment: string): Promise<string | undefined>;
}
