// Where a person was going when they were asked to sign in first: only places of this server, and never round and round.
import type { Ports } from './ports.ts';
import type { Router } from './router.svelte.ts';

const rememberedAs = 'odyssey-next';
/** Sent back here sooner than this, the place does not let in who is signed in: they stay here. */
const returnSeconds = 10;

/** A path on this server as it will be asked for; undefined where it could lead elsewhere. */
export function localPlace(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2_000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\'))
    return undefined;
  const here = 'http://console.invalid';
  try {
    const { origin, pathname, search, hash } = new URL(text, here);
    return origin === here && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : undefined;
  } catch {
    return undefined;
  }
}

/** Takes `next` out of the address and says where to go on to. Grafana's pages are loaded anew, ours are gone to. */
export function takeNext(
  router: Pick<Router, 'query' | 'setQuery'>,
  ports: Pick<Ports, 'storage' | 'unixSeconds'>,
): { load: string } | { go: string } | undefined {
  const asked = router.query['next'];
  if (asked === undefined) return undefined;
  router.setQuery({ next: undefined });
  const place = localPlace(asked);
  if (place === undefined) return undefined;
  if (!/^\/grafana(\/|$)/.test(place)) return place.startsWith('/api/') ? undefined : { go: place };
  const now = ports.unixSeconds();
  const before = Number(ports.storage.read(rememberedAs) ?? 0);
  ports.storage.write(rememberedAs, String(now));
  return now - before < returnSeconds ? undefined : { load: place };
}
