// Credentials of registries: set and forgotten, never shown.
import { z } from 'zod';
import { nothing } from '../../../core/contracts/api.ts';
import { registryBody, registryHost, registryList, registryView } from '../../../core/contracts/deployments.ts';
import { type Route, route } from '../http/route.ts';
import type { RegistryStore } from './store.ts';

const params = z.strictObject({ registry: registryHost });
const subject = ({ registry }: { registry: string }) => `registry/${registry}`;

export function registryRoutes(registries: RegistryStore, unixSeconds: () => number): Route[] {
  return [
    route({
      method: 'get',
      path: '/registries',
      access: 'registry:manage',
      summary: 'Registries that credentials are kept for, without the passwords',
      answer: registryList,
      handle: () => ({ items: registries.list() }),
    }),
    route({
      method: 'put',
      path: '/registries/:registry',
      access: 'registry:manage',
      summary: 'Keep credentials for a registry; the password is never given back',
      params,
      body: registryBody,
      answer: registryView,
      act: { action: 'registry:set', subject, detail: ({ username }) => ({ username }) },
      handle({ params: { registry }, body }) {
        registries.set(registry, body.username, body.password, unixSeconds());
        return registries.list().find((one) => one.registry === registry)!;
      },
    }),
    route({
      method: 'delete',
      path: '/registries/:registry',
      access: 'registry:manage',
      summary: 'Forget the credentials of a registry',
      params,
      answer: nothing,
      act: { action: 'registry:forget', subject },
      handle({ params: { registry } }) {
        registries.remove(registry);
        return {};
      },
    }),
  ];
}
