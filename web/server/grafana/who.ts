// How a person is named to Grafana: an id that stays, a name that can be read, and the role that their grants amount to.
import { allEnvironments, type Grant } from '../../../core/contracts/access.ts';
import { type GrafanaRole, grafanaRoles, webauth } from '../../../core/contracts/grafana.ts';
import type { Identity } from '../identity.ts';

const rank: readonly GrafanaRole[] = ['Viewer', 'Editor', 'Admin'];

/** The highest role of the grants on all environments; whoever holds a grant at all may look. */
export function roleOf(grants: readonly Grant[]): GrafanaRole {
  const held = grants
    .filter(({ environment }) => environment === allEnvironments)
    .map(({ role }) => rank.indexOf(grafanaRoles[role]));
  return rank[Math.max(0, ...held)]!;
}

/** Header values are ASCII: a name that is not is told by its id. */
export function webauthHeaders({ person, name, grants }: Pick<Identity, 'person' | 'name' | 'grants'>) {
  return {
    [webauth.user]: person,
    [webauth.name]: /^[\x20-\x7e]{1,64}$/.test(name) ? name : person,
    [webauth.role]: roleOf(grants),
  };
}
