// Reads the text of a compose file as YAML, with bounds; what it means is decided elsewhere.
import { parseDocument } from 'yaml';
import { UserError } from '../../user-error.ts';

/** Plain values of the document. Throws a UserError that names the place; aliases are few, so that a small text stays small. */
export function readComposeText(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, strict: true, version: '1.2', merge: false });
  const problem = document.errors[0];
  if (problem !== undefined) throw new UserError(400, 'no-yaml', `This is not YAML: ${problem.message.slice(0, 500)}`);
  try {
    return document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw new UserError(400, 'no-yaml', `This is not YAML that can be read: ${(error as Error).message.slice(0, 300)}`);
  }
}
