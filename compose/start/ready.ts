// Asks processes whether they are ready; every question has a deadline and a bounded answer.

const patienceMilliseconds = 2_000;

/** Whether every address answers 200 now. */
export async function answersAll(urls: readonly string[], cancelled: AbortSignal): Promise<boolean> {
  const answers = await Promise.all(urls.map((url) => answers200(url, cancelled)));
  return answers.every((answer) => answer);
}

async function answers200(url: string, cancelled: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(patienceMilliseconds)]);
    const response = await fetch(url, { signal, redirect: 'error' });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
