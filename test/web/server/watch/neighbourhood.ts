// Neighbours of the control plane that say whatever a test wants, on one real port.

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createPrometheus } from '../../../../core/runtime/prometheus.ts';
import { openPlane, type TestPlane } from '../plane.ts';

/** An answer: a number is a status, a function decides by the query. */
type Said = unknown | number | ((query: URLSearchParams) => unknown);

export interface Neighbourhood {
  plane: TestPlane;
  /** What is said, by `METHOD /path`; what is not there is 404. */
  says: Map<string, Said>;
  heard: { method: string; path: string; authorization: string | undefined; body: string }[];
  close(): Promise<void>;
}

export async function openNeighbourhood(): Promise<Neighbourhood> {
  const says: Neighbourhood['says'] = new Map();
  const heard: Neighbourhood['heard'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url!, 'http://h');
      heard.push({ method: request.method!, path: pathname, authorization: request.headers.authorization, body });
      const said = says.get(`${request.method} ${pathname}`) ?? 404;
      const answer = typeof said === 'function' ? said(searchParams) : said;
      response.statusCode = typeof answer === 'number' ? answer : 200;
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const http = { fetch, timeoutSeconds: 1, answerBytesMax: 1_000_000 };
  const plane = await openPlane({
    neighbours: {
      prometheus: createPrometheus({ ...http, baseUrl: url }),
      ...{ alertmanager: url, collector: url, grafana: '', http },
      detectors: { gpu: `${url}/gpu`, container: `${url}/container`, process: `${url}/process`, disk: `${url}/disk` },
    },
  });
  writeFileSync(join(plane.folder, 'run', 'collector.token'), 'a-token-of-the-collector');
  return {
    ...{ plane, says, heard },
    async close() {
      server.close();
      await plane.close();
    },
  };
}
