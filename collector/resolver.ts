// One DNS query through one server, with a deadline and no second try, so that its duration is the server's own.
import { Resolver } from 'node:dns/promises';

/** Resolves when `server` (`address` or `address:port`) answered with an A record for `name`; rejects with the resolver's error code otherwise. */
export async function resolveThrough(server: string, name: string, timeoutSeconds: number): Promise<void> {
  const resolver = new Resolver({ timeout: timeoutSeconds * 1000, tries: 1 });
  resolver.setServers([server]);
  await resolver.resolve4(name);
}
