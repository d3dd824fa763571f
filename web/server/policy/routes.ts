// The rules for everybody, as admins read and set them.
import { policy } from '../../../core/contracts/api.ts';
import { type Route, route } from '../http/route.ts';
import type { PolicyStore } from './store.ts';

export function policyRoutes(store: PolicyStore): Route[] {
  return [
    route({
      method: 'get',
      path: '/policy',
      access: 'policy:manage',
      summary: 'The rules for everybody',
      answer: policy,
      handle: () => ({ secondFactorRoles: store.secondFactorRoles() }),
    }),
    route({
      method: 'put',
      path: '/policy',
      access: 'policy:manage',
      fresh: true,
      summary: 'Set the rules for everybody',
      body: policy,
      answer: policy,
      act: {
        action: 'policy:set',
        subject: () => 'policy',
        detail: ({ secondFactorRoles }) => ({ secondFactorRoles }),
      },
      handle({ body }) {
        store.setSecondFactorRoles(body.secondFactorRoles);
        return { secondFactorRoles: store.secondFactorRoles() };
      },
    }),
  ];
}
