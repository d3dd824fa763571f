// What people did with a deployment, for charts of its replicas: deploys and scale actions as ticks, and in words.

import type { z } from 'zod';
import type { environment, list } from '../../../core/contracts/api.ts';
import type { DeploymentView, Operation, OperationKind } from '../../../core/contracts/deployments.ts';
import type { App } from './app.svelte.ts';
import { Query } from './query.svelte.ts';
import { sayOperation } from './run.svelte.ts';

type Environments = z.infer<ReturnType<typeof list<typeof environment>>>;

/** Another revision or new replicas, or more and fewer of the same. */
type DeedKind = 'deploy' | 'scale';

export interface Deed {
  id: string;
  atSeconds: number;
  kind: DeedKind;
  words: string;
}

const kinds: Readonly<Partial<Record<OperationKind, DeedKind>>> = {
  ...{ deploy: 'deploy', update: 'deploy', rollback: 'deploy', restart: 'deploy' },
  ...{ scale: 'scale', stop: 'scale', start: 'scale' },
};

/** Names of deployments are theirs on the whole appliance; which environment has it is looked up once. */
export class Deeds {
  private readonly api: App['api'];
  private readonly deployment: string;
  private environment: string | undefined;
  /** Null where no environment that the person may look at has the deployment: what was done with it is not known. */
  readonly query: Query<readonly Operation[] | null>;

  constructor({ api, ports }: Pick<App, 'api' | 'ports'>, deployment: string) {
    this.api = api;
    this.deployment = deployment;
    this.query = new Query((signal) => this.read(signal), ports);
  }

  /** Oldest first. */
  readonly all = $derived.by(() => deedsOf(this.query.data ?? []));

  private async read(signal: AbortSignal): Promise<readonly Operation[] | null> {
    this.environment ??= await this.find(signal);
    if (this.environment === undefined) return null;
    const path = `/environments/${this.environment}/deployments/${encodeURIComponent(this.deployment)}/operations`;
    return (await this.api.get<{ items: readonly Operation[] }>(path, {}, signal)).items;
  }

  /** Undefined where the person may look at none that has it. */
  private async find(signal: AbortSignal): Promise<string | undefined> {
    const { items } = await this.api.get<Environments>('/environments', {}, signal);
    for (const { id } of items) {
      const path = `/environments/${id}/deployments`;
      const found = await this.api.get<{ items: readonly DeploymentView[] }>(path, {}, signal);
      if (found.items.some(({ name }) => name === this.deployment)) return id;
    }
    return undefined;
  }
}

export function deedsOf(operations: readonly Operation[]): Deed[] {
  return operations
    .flatMap((one): Deed[] => {
      const kind = kinds[one.kind];
      return kind === undefined ? [] : [{ id: one.id, atSeconds: one.started, kind, words: sayOperation(one) }];
    })
    .sort((a, b) => a.atSeconds - b.atSeconds);
}
