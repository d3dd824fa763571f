// What an address below Grafana's root asks for: Grafana itself, the console, a live socket, or something that is refused; and whether it changes anything.
import { grafanaRoot } from '../../../core/contracts/grafana.ts';

export type Aim =
  | { kind: 'grafana'; path: string }
  | { kind: 'redirect'; to: string }
  | { kind: 'refused'; reason: string };

/** Links of dashboards go here, because Grafana puts its own root before every address that has no host. */
const consolePrefix = `${grafanaRoot}/console`;

/** `address` is the path with its query, as it was sent. */
export function aimOf(address: string): Aim {
  const [path, query] = splitOnce(address, '?');
  if (path === grafanaRoot) return { kind: 'redirect', to: `${grafanaRoot}/` };
  if (path === consolePrefix || path.startsWith(`${consolePrefix}/`))
    return toConsole(path.slice(consolePrefix.length), query);
  const reason = refusal(path);
  return reason === undefined ? { kind: 'grafana', path: address } : { kind: 'refused', reason };
}

/** Encoded slashes, backslashes and dots are for whoever wants two programs to read one address differently. */
function refusal(path: string): string | undefined {
  if (!path.startsWith(`${grafanaRoot}/`)) return 'The address is not in its plain form.';
  if (/%(2f|5c|2e|00|25)|[\\\0]|\/\/|\/\.{1,2}(\/|$)/i.test(path)) return 'The address is not in its plain form.';
  const rest = path.slice(grafanaRoot.length).toLowerCase();
  if (/^\/api\/live(\/|$)/.test(rest)) return 'Live channels are switched off; panels are read anew every 30 s.';
  if (/^\/(metrics|debug|logout|login)(\/|$)/.test(rest))
    return 'Grafana has no door of its own here: it opens with the session of the console.';
  return undefined;
}

/** A path of this server and nothing else: `//host` would lead away. */
function toConsole(rest: string, query: string | undefined): Aim {
  const place = `/${rest.replace(/^[/\\]+/, '')}`;
  if (!/^\/[\w./~%-]*$/.test(place)) return { kind: 'refused', reason: 'This is no page of the console.' };
  return { kind: 'redirect', to: query === undefined ? place : `${place}?${query}` };
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** POSTs that only ask: queries of panels, searches, and what the page says about its own speed. */
const asking = [
  /^\/api\/(ds\/query|tsdb\/query|frontend-metrics|search|dashboards\/calculate-diff|datasources\/uid\/[\w-]+\/resources\/.*)$/,
  /^\/api\/datasources\/proxy\/.*$/,
  /^\/apis\/query\.grafana\.app\/.*$/,
  /^\/apis\/features\.grafana\.app\/[\w/-]+\/ofrep\/v1\/evaluate\/flags(\/[\w-]+)?$/, // asked by every page as it loads
];

/** Whether a request changes something in Grafana, so that it is recorded first. */
export function changes(method: string, address: string): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return false;
  const path = splitOnce(address, '?')[0].slice(grafanaRoot.length);
  return !(method === 'POST' && asking.some((pattern) => pattern.test(path)));
}
