// Who may do what: four roles, granted for one environment or for all, and the permissions that each role holds.

export const roles = ['admin', 'operator', 'developer', 'read-only'] as const;
export type Role = (typeof roles)[number];

/** Where a permission has to be held: by any grant at all, in the environment concerned, or on the whole appliance. */
type Scope = 'any' | 'environment' | 'appliance';

interface PermissionRule {
  scope: Scope;
  roles: readonly Role[];
}

const everyone = roles;
const changers = ['admin', 'operator', 'developer'] as const;
const operators = ['admin', 'operator'] as const;
const admins = ['admin'] as const;

const rules = {
  'watch:read': { scope: 'any', roles: everyone },
  'anomaly:judge': { scope: 'any', roles: changers },
  'silence:write': { scope: 'appliance', roles: operators },
  'threat:allow': { scope: 'appliance', roles: operators },
  'environment:read': { scope: 'environment', roles: everyone },
  'environment:write': { scope: 'environment', roles: operators },
  'environment:manage': { scope: 'appliance', roles: admins },
  'deployment:read': { scope: 'environment', roles: everyone },
  'deployment:write': { scope: 'environment', roles: changers },
  'registry:manage': { scope: 'appliance', roles: operators },
  'swarm:manage': { scope: 'appliance', roles: admins },
  'log:read': { scope: 'environment', roles: everyone },
  'secret:read': { scope: 'environment', roles: changers },
  'secret:write': { scope: 'environment', roles: operators },
  'volume:read': { scope: 'environment', roles: everyone },
  'volume:write': { scope: 'environment', roles: operators },
  'network:read': { scope: 'environment', roles: everyone },
  'network:write': { scope: 'environment', roles: operators },
  'node:read': { scope: 'appliance', roles: everyone },
  'node:write': { scope: 'appliance', roles: operators },
  'node:manage': { scope: 'appliance', roles: admins },
  'container:read': { scope: 'appliance', roles: everyone },
  'container:log': { scope: 'appliance', roles: operators },
  'container:operate': { scope: 'appliance', roles: operators },
  'notification:read': { scope: 'appliance', roles: operators },
  'notification:manage': { scope: 'appliance', roles: admins },
  'dashboard:keep': { scope: 'appliance', roles: operators },
  'ingress:read': { scope: 'any', roles: everyone },
  'certificate:read': { scope: 'appliance', roles: everyone },
  'audit:read': { scope: 'appliance', roles: operators },
  'audit:export': { scope: 'appliance', roles: admins },
  'person:read': { scope: 'appliance', roles: operators },
  'person:manage': { scope: 'appliance', roles: admins },
  'policy:manage': { scope: 'appliance', roles: admins },
  'doctor:read': { scope: 'appliance', roles: admins },
} as const satisfies Record<string, PermissionRule>;

export type Permission = keyof typeof rules;
export const permissions = Object.keys(rules) as Permission[];

export const allEnvironments = '*';

/** A role in one environment, or in all of them (`*`): only a grant on all reaches the appliance itself. */
export interface Grant {
  environment: string;
  role: Role;
}

/** Whether the grants hold the permission; `environment` is the one concerned and needed for permissions of that scope. */
export function permits(grants: readonly Grant[], permission: Permission, environment?: string): boolean {
  const rule: PermissionRule = rules[permission];
  return grants.some((held) => {
    if (!rule.roles.includes(held.role)) return false;
    if (rule.scope === 'any' || held.environment === allEnvironments) return true;
    return rule.scope === 'environment' && held.environment === environment;
  });
}

export function scopeOf(permission: Permission): Scope {
  return rules[permission].scope;
}
