// Rules that an admin sets for everybody.
import { type Role, roles } from '../../../core/contracts/access.ts';
import type { Db } from '../db.ts';

export interface PolicyStore {
  /** Roles whose holders must have a second factor. */
  secondFactorRoles(): Role[];
  setSecondFactorRoles(required: readonly Role[]): void;
}

export function createPolicyStore(db: Db): PolicyStore {
  return {
    secondFactorRoles() {
      const row = db.get<{ value: string }>(`SELECT value FROM policy WHERE name = 'second-factor-roles'`);
      const held = row === undefined ? [] : (JSON.parse(row.value) as string[]);
      return roles.filter((role) => held.includes(role));
    },
    setSecondFactorRoles: (required) =>
      void db.run(
        `INSERT OR REPLACE INTO policy (name, value) VALUES ('second-factor-roles', ?)`,
        JSON.stringify(required),
      ),
  };
}
