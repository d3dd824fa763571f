// A Grafana that writes down every request it gets, keeps dashboards in memory, and answers what a test tells it to.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  /** Names and values as they came over the wire. */
  raw: readonly string[];
  body: string;
}

interface Told {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** Never ends the answer. */
  hangs?: boolean;
}

export interface FakeGrafana {
  url: string;
  asked: Asked[];
  /** Dashboards by uid, with the folder that each lies in. */
  dashboards: Map<string, { folder: { uid: string; title: string } | null; dashboard: Record<string, unknown> }>;
  folders: Map<string, string>;
  /** What one address answers, before anything else is looked at. */
  tell(path: string, told: Told): void;
  /** Changes a dashboard while it is saved, as a Grafana that mends what it is given. */
  mend: ((dashboard: Record<string, unknown>) => Record<string, unknown>) | undefined;
  close(): Promise<void>;
}

export async function openGrafana(): Promise<FakeGrafana> {
  const told = new Map<string, Told>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request;
      const body = Buffer.concat(chunks).toString();
      grafana.asked.push({ method, url, headers, raw: rawHeaders, body });
      const answer = told.get(url.split('?')[0]!) ?? serve(grafana, method, url, body);
      response.writeHead(answer.status ?? 200, answer.headers ?? {});
      if (answer.hangs) response.write('…');
      else response.end(answer.body ?? 'grafana');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const grafana: FakeGrafana = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    dashboards: new Map(),
    folders: new Map(),
    tell: (path, answer) => told.set(path, answer),
    mend: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return grafana;
}

/** The few calls of Grafana's API that keeping dashboards rests on, in the shapes that its documentation gives. */
function serve({ dashboards, folders, mend }: FakeGrafana, method: string, url: string, body: string): Told {
  const path = url.split('?')[0]!.replace(/^\/grafana/, '');
  const uid = path.split('/').at(-1)!;
  if (path === '/api/search') return json([...dashboards.keys()].map((each) => ({ uid: each, type: 'dash-db' })));
  if (path.startsWith('/api/dashboards/uid/')) {
    const one = dashboards.get(uid);
    if (one === undefined) return json({ message: 'Dashboard not found' }, 404);
    const meta = { folderUid: one.folder?.uid ?? '', folderTitle: one.folder?.title ?? 'General', provisioned: false };
    return json({ dashboard: one.dashboard, meta: { ...meta, version: 3 } });
  }
  if (path === '/api/dashboards/db' && method === 'POST') {
    const { dashboard, folderUid } = JSON.parse(body) as { dashboard: Record<string, unknown>; folderUid?: string };
    if (folderUid !== undefined && !folders.has(folderUid)) return json({ message: 'folder not found' }, 400);
    const folder = folderUid === undefined ? null : { uid: folderUid, title: folders.get(folderUid)! };
    const kept = mend === undefined ? dashboard : mend(dashboard);
    dashboards.set(String(dashboard['uid']), { folder, dashboard: { ...kept, id: dashboards.size + 70, version: 4 } });
    return json({ uid: dashboard['uid'], status: 'success', version: 4 });
  }
  if (path === '/api/folders' && method === 'POST') {
    const { uid: folder, title } = JSON.parse(body) as { uid: string; title: string };
    folders.set(folder, title);
    return json({ uid: folder, title });
  }
  if (path.startsWith('/api/folders/')) return folders.has(uid) ? json({ uid }) : json({ message: 'not found' }, 404);
  return { body: 'grafana' };
}

function json(value: unknown, status = 200): Told {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
