// A visitor of Grafana's address, who may send what no honest browser would.
import { request as httpRequest } from 'node:http';
import type { Caller } from '../plane.ts';

export interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Ask {
  who?: Pick<Caller, 'cookies'> | undefined;
  headers?: [string, string][];
  method?: string;
  body?: string;
}

/** Over a plain request, because fetch() mends paths and headers. */
export function visit(url: string, path: string, { who, headers = [], method = 'GET', body }: Ask = {}): Promise<Got> {
  const cookies = [...(who?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  const { host, port } = new URL(url);
  const sent = [['host', host], ...(cookies === '' ? [] : [['cookie', cookies]]), ...headers];
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: '127.0.0.1', port, path, method, headers: sent.flat() }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
