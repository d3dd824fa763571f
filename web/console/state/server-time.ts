// The clock that the console goes by: the server's, because every time that is shown was taken there and not where somebody looks on.
import type { Ports } from './ports.ts';

/** The header says whole seconds and the answer takes its way: within this nobody knows which of the two clocks is right. */
const doubtSeconds = 2;
/** An answer that took longer than this says too little of the moment. */
const wayMaxSeconds = 2;

/**
 * The same browser with the server's clock, as the answers' `date` tells it. A browser whose clock is some minutes off would call what
 * has just happened old, what is over still to come, and ask for an hour that is not the last one.
 */
export function inServerTime(ports: Ports): Ports {
  let ahead = 0;
  return {
    ...ports,
    unixSeconds: () => ports.unixSeconds() + ahead,
    async fetch(path, init) {
      const sent = ports.unixSeconds();
      const response = await ports.fetch(path, init);
      const came = ports.unixSeconds();
      const told = Date.parse(response.headers.get('date') ?? '') / 1000;
      const found = told + 0.5 - (sent + came) / 2;
      const isSure = came >= sent && came - sent <= wayMaxSeconds;
      if (isSure && Number.isFinite(found) && Math.abs(found - ahead) > doubtSeconds) ahead = found;
      return response;
    },
  };
}
