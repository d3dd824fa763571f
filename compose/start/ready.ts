// Asks processes whether they are ready; every question has a deadline and a bounded answer.
import { get } from 'node:http';

const patienceMilliseconds = 2_000;

/** Whether every address answers 200 now. */
export async function answersAll(urls: readonly string[], cancelled: AbortSignal): Promise<boolean> {
  const answers = await Promise.all(urls.map((url) => answers200(url, cancelled)));
  return answers.every((answer) => answer);
}

/** By node:http rather than fetch, which would add several megabytes to a process that otherwise only waits. */
function answers200(url: string, cancelled: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(patienceMilliseconds)]);
    const asked = get(url, { signal, agent: false }, (answer) => {
      resolve(answer.statusCode === 200);
      answer.destroy();
    });
    asked.on('error', () => resolve(false));
  });
}
