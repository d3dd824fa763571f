// The environments a person may see, and the one that is looked at. It lives in the address, so a link leads to the same one.
import type { z } from 'zod';
import type { environment, list } from '../../../core/contracts/api.ts';
import type { Api } from './api.ts';
import type { Ports } from './ports.ts';
import type { Queries, Query } from './query.svelte.ts';
import type { Router } from './router.svelte.ts';

export type Environment = z.infer<typeof environment>;
type EnvironmentList = z.infer<ReturnType<typeof list<typeof environment>>>;

const rememberedAs = 'odyssey-environment';

export class Environments {
  private readonly router: Router;
  private readonly storage: Ports['storage'];
  /** As it was when this tab was opened, or chosen in it: what another tab goes over to must not move this one. */
  private remembered: string | undefined;
  readonly query: Query<EnvironmentList>;

  constructor(api: Api, queries: Queries, router: Router, storage: Ports['storage']) {
    this.router = router;
    this.storage = storage;
    this.remembered = storage.read(rememberedAs);
    this.query = queries.get('environments', (signal) => api.get<EnvironmentList>('/environments', {}, signal));
  }

  /** Those in use; archived ones are looked at in the settings only. */
  get all(): readonly Environment[] {
    return this.query.data?.items.filter(({ archived }) => !archived) ?? [];
  }

  /** Of all that this person may see, archived ones too, by id; undefined until they were read. */
  readonly names = $derived.by(
    () => this.query.data && new Map(this.query.data.items.map(({ id, name }) => [id, name])),
  );

  /** As the address says, else the one looked at last, else the first. */
  get current(): Environment | undefined {
    const wanted = this.router.query['env'] ?? this.remembered;
    return this.all.find(({ id }) => id === wanted) ?? this.all[0];
  }

  choose(id: string): void {
    this.remembered = id;
    this.storage.write(rememberedAs, id);
    this.router.setQuery({ env: id }, { push: true });
  }
}
