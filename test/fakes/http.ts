// A fetch that answers from a table of addresses and writes down what it was asked.
import type { FetchPorts } from '../../detectors/fetch-json.ts';

export interface FakeHttp extends FetchPorts {
  /** JSON by address; a number is answered as that status, what is not there as 404. */
  answers: Map<string, unknown>;
  asked: { address: string; authorization: string | undefined; redirect: string | undefined }[];
}

export function fakeHttp(answers: Record<string, unknown> = {}): FakeHttp {
  const http: FakeHttp = {
    answers: new Map(Object.entries(answers)),
    asked: [],
    timeoutSeconds: 1,
    answerBytesMax: 100_000,
    fetch: async (address, init) => {
      const headers = new Headers(init?.headers);
      const authorization = headers.get('authorization') ?? undefined;
      http.asked.push({ address: String(address), authorization, redirect: init?.redirect });
      const answer = http.answers.get(String(address)) ?? 404;
      if (typeof answer === 'number') return new Response('', { status: answer });
      return new Response(typeof answer === 'string' ? answer : JSON.stringify(answer));
    },
  };
  return http;
}
