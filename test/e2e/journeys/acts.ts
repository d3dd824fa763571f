// What the audit log says that a person did, read past the pages.
import type { TestPlane } from '../../web/server/plane.ts';

interface Item {
  record: { actor: { id?: string }; action: string };
  names: Readonly<Record<string, string>>;
}

/** Actions such as `deployment:scale`, the newest first of the last 200 records. */
export async function listActs({ admin }: TestPlane, person: string): Promise<string[]> {
  const { body } = await admin.call('GET', '/audit?limit=200');
  return (body.items as Item[])
    .filter(({ record, names }) => names[record.actor.id ?? ''] === person)
    .map(({ record }) => record.action);
}
