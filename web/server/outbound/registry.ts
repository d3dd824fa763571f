// Whether the engine may be sent to a registry: it fetches with the host's own network, so a name must not lead it back into this machine.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { refuseAddress } from './address.ts';

export interface RegistryPorts {
  /** Whether a person keeps credentials for this very host and port. */
  isListed(registry: string): boolean;
  /** Every address of a name; Node's own but in tests. */
  resolve?(host: string): Promise<readonly string[]>;
}

/** A resolver that hangs longer says nothing, as one that fails. */
const lookupSecondsMax = 5;

/**
 * Why images are not asked for at this registry (`host` or `host:port`), or undefined. The engine resolves the name for itself, so a name
 * that answers otherwise a moment later is not held back; a name that cannot be resolved here is left to the engine.
 */
export async function refuseRegistry(registry: string, ports: RegistryPorts): Promise<string | undefined> {
  const host = registry.replace(/:\d+$/, '');
  const addresses = isIP(host) ? [host] : await resolved(host, ports.resolve ?? addressesOf);
  const listed = ports.isListed(registry);
  return addresses.map((address) => refuseAddress(address, listed)).find((reason) => reason !== undefined);
}

async function addressesOf(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function resolved(host: string, resolve: (host: string) => Promise<readonly string[]>) {
  const late = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => late.resolve([]), lookupSecondsMax * 1000);
  try {
    return await Promise.race([resolve(host), late.promise]);
  } catch {
    return []; // the engine says what is wrong with the name
  } finally {
    clearTimeout(timer);
  }
}
