// Replicas told apart at a glance: a colour and a shape that follow from the name alone, so that they are the same tomorrow and on every page.

export interface ReplicaMark {
  /** 1 to 8, as the series of charts have them. */
  colour: number;
  shape: 'dot' | 'square' | 'triangle' | 'diamond';
}

const shapes = ['dot', 'square', 'triangle', 'diamond'] as const;
const colours = 8;

/** Up to 32 slots of one revision all differ, neighbours in both; across services the name decides. FNV-1a over the service's name. */
export function markOf(replica: string): ReplicaMark {
  const [, service = replica, slot = '0'] = /^(.*)\.(\d{1,5})$/.exec(replica) ?? [];
  let hash = 0x811c9dc5;
  for (let place = 0; place < Math.min(service.length, 64); place++)
    hash = Math.imul(hash ^ service.charCodeAt(place), 0x01000193);
  const place = ((hash >>> 8) + Number(slot)) % (colours * shapes.length);
  return { colour: (place % colours) + 1, shape: shapes[(place + Math.floor(place / colours)) % shapes.length]! };
}

/** The end of a long name: there stand the revision and the slot. */
export function shownReplica(replica: string, max: number): string {
  return replica.length > max ? `…${replica.slice(1 - max)}` : replica;
}
