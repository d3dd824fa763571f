// Finds the page of an address: `/containers/:instance/:name` fits `/containers/host-1/api`.

export type Params = Readonly<Record<string, string>>;

export interface Address {
  path: string;
  query: Params;
}

/** Path and query of an address; of a name that stands twice, the last counts. */
export function readAddress(url: string): Address {
  const { pathname, searchParams } = new URL(url, 'http://console');
  return { path: pathname.replace(/(.)\/+$/, '$1'), query: Object.fromEntries(searchParams) };
}

export function formatAddress({ path, query }: Address): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The parameters where the pattern fits, decoded; undefined where it does not. */
export function matchPath(pattern: string, path: string): Params | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decode(given[index]!);
    if (value === undefined) return undefined;
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

/** The path of a pattern with its parameters filled in; a missing one is our mistake. */
export function fillPath(pattern: string, params: Params): string {
  return pattern.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${pattern} needs ${name}`);
    return encodeURIComponent(value);
  });
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
