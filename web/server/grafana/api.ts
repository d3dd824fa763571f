// Calls to Grafana's API for keeping dashboards: as the person who asks, with a deadline and a bound.
import { grafanaRoot } from '../../../core/contracts/grafana.ts';
import { noSuccess } from '../../../core/lib/no-answer.ts';
import { UserError } from '../user-error.ts';
import type { FetchPorts } from '../watch/fetch-json.ts';
import type { AskGrafana } from './keep.ts';
import { webauthHeaders } from './who.ts';

export function createAskGrafana(grafanaUrl: string, ports: FetchPorts): AskGrafana {
  return async (who, call) => {
    if (grafanaUrl === '')
      throw new UserError(503, 'grafana-not-configured', 'Grafana is not configured; set GRAFANA_URL.');
    const { status, text } = await ask(grafanaUrl, ports, who, call).catch((cause: unknown) => {
      if (cause instanceof UserError) throw cause;
      const text = 'Grafana does not answer, not in time, or elsewhere. See whether it runs.';
      throw Object.assign(new UserError(502, 'grafana-silent', text, 5), { cause });
    });
    if (status === 404 && call.method === 'GET') return undefined;
    if (status >= 400) throw new UserError(502, 'grafana-refused', `Grafana ${noSuccess(status, text).message}`);
    try {
      return JSON.parse(text);
    } catch {
      throw new UserError(502, 'grafana-strange', 'Grafana answered with something that is no JSON.');
    }
  };
}

async function ask(
  grafanaUrl: string,
  ports: FetchPorts,
  who: Parameters<AskGrafana>[0],
  { method, path, body }: Parameters<AskGrafana>[1],
): Promise<{ status: number; text: string }> {
  const response = await ports.fetch(`${grafanaUrl}${grafanaRoot}${path}`, {
    method,
    headers: {
      ...webauthHeaders(who),
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(ports.timeoutSeconds * 1000),
  });
  return { status: response.status, text: await readBounded(response, ports.answerBytesMax) };
}

async function readBounded(response: Response, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder();
  let [bytes, text] = [0, ''];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax)
      throw new UserError(502, 'grafana-strange', `Grafana's answer is larger than ${bytesMax} bytes.`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
