// Waits for another program's lock on the database outside of every call to it, so that everybody else is served meanwhile.
import { UserError } from '../user-error.ts';

const triesMax = 20;
const waitSeconds = 0.1;

/** Resolves once the database can be written; after about 2 s it rejects with a 503 that says to try again. */
export async function waitWhileBusy(isFree: () => boolean, sleep: (seconds: number) => Promise<void>): Promise<void> {
  for (let tries = 0; !isFree(); tries++) {
    if (tries === triesMax)
      throw new UserError(
        503,
        'busy',
        'Another program holds the database, so nothing was done. Try again in a few seconds.',
        2,
      );
    await sleep(waitSeconds);
  }
}
