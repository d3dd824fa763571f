// The verifier that docs/ALERTS.md gives to those who receive our webhooks, run as it stands there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../../compose/place.ts';

interface Shown {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
  secret: string;
  nowSeconds: number;
  seen: Set<string>;
}

export async function verifier(): Promise<{ judge(shown: Shown): 'genuine' | 'forged' | 'old' | 'replayed' }> {
  const text = readFileSync(join(root, 'docs/ALERTS.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1];
  if (code === undefined) throw new Error('docs/ALERTS.md shows no verifier');
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
