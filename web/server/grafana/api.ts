// Calls to Grafana's API for keeping dashboards: as the person who asks, with a deadline and a bound.
import { grafanaRoot } from '../../../core/contracts/grafana.ts';
import { UserError } from '../user-error.ts';
import type { FetchPorts } from '../watch/fetch-json.ts';
import type { AskGrafana } from './keep.ts';
import { webauthHeaders } from './who.ts';

export function createAskGrafana(grafanaUrl: string, ports: FetchPorts): AskGrafana {
  return async (who, { method, path, body }) => {
    if (grafanaUrl === '')
      throw new UserError(503, 'grafana-not-configured', 'Grafana is not configured; set GRAFANA_URL.');
    const response = await ports
      .fetch(`${grafanaUrl}${grafanaRoot}${path}`, {
        method,
        headers: {
          ...webauthHeaders(who),
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(ports.timeoutSeconds * 1000),
      })
      .catch((cause: unknown) => {
        throw Object.assign(new UserError(502, 'grafana-silent', 'Grafana does not answer. See whether it runs.', 5), {
          cause,
        });
      });
    const text = await readBounded(response, ports.answerBytesMax);
    if (response.status === 404 && method === 'GET') return undefined;
    if (!response.ok)
      throw new UserError(502, 'grafana-refused', `Grafana answered ${response.status}: ${text.slice(0, 200)}`);
    try {
      return JSON.parse(text);
    } catch {
      throw new UserError(502, 'grafana-strange', 'Grafana answered with something that is no JSON.');
    }
  };
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
