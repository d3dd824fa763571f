// A hub without a control plane around it: whoever knocks with a cookie is let in as an admin.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Identity } from '../../../../web/server/identity.ts';
import { type Feed, type Hub, type HubOptions, openHub } from '../../../../web/server/live/hub.ts';

export interface LoneHub {
  hub: Hub;
  url: string;
  close(): Promise<void>;
}

const identity: Identity = {
  ...{ person: 'p', name: 'n', hasSecondFactor: false, lacksSecondFactor: false },
  grants: [{ environment: '*', role: 'admin' }],
  use: { kind: 'session', id: 's', csrf: 'c', confirmed: 0 },
};

export async function openLoneHub(feeds: readonly Feed[], more: Partial<HubOptions> = {}): Promise<LoneHub> {
  const server = createServer();
  const hub = openHub(server, {
    ...{ tls: false, feeds, slowSeconds: 10, recheckSeconds: 60, identify: async () => identity },
    ...{ socketsMax: 300, socketsPerPersonMax: 300, knocksPerMinute: 1_000 },
    ...more,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    hub,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await hub.close();
      server.close();
    },
  };
}

/** What its door asks of a reader. */
export const headersFor = (url: string) => ({ origin: url, cookie: 'odyssey-access=x' });
