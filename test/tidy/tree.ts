// The project's own files as the tidy tests read them: paths, texts, imports and functions with their lengths.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

interface Import {
  target: string;
  typeOnly: boolean;
}

export interface SourceFile {
  path: string;
  text: string;
  imports: Import[];
  functions: { name: string; lines: number; line: number }[];
  /** Names of globals and members that reach outside, as they stand in the text: `Date.now`, `Math.random` … */
  reaches: string[];
}

/** Files that git knows or would take in, below the project's root. */
export function listFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && isThere(path))
    .sort();
}

function isThere(path: string): boolean {
  try {
    readFileSync(join(root, path));
    return true;
  } catch {
    return false; // deleted, not yet committed
  }
}

export function readFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

const outward =
  /^(Date\.now|Math\.random|performance\.now|process\.(env|exit|exitCode|pid|kill|hrtime|on|once|cwd|argv|stdin|stdout|stderr|memoryUsage|uptime|nextTick)|fetch|setTimeout|setInterval|setImmediate|console\.\w+)$/;

export function parse(path: string): SourceFile {
  const text = readFile(path);
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const file: SourceFile = { path, text, imports: [], functions: [], reaches: [] };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      file.imports.push({ target: resolveImport(path, node.moduleSpecifier.text), typeOnly: isTypeOnly(node) });
    }
    if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword &&
      ts.isStringLiteral(node.arguments[0]!)
    ) {
      file.imports.push({ target: resolveImport(path, node.arguments[0].text), typeOnly: false });
    }
    if (ts.isFunctionLike(node) && 'body' in node && node.body) file.functions.push(measure(tree, node));
    if (ts.isPropertyAccessExpression(node) || ts.isIdentifier(node)) noteReach(file, node);
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length)
      file.reaches.push('new Date()');
    ts.forEachChild(node, visit);
  };
  visit(tree);
  if (/(\(|, |const |let )process\b\s*[:,)=]/.test(text))
    file.reaches = file.reaches.filter((reach) => !reach.startsWith('process.'));
  return file;
}

function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function resolveImport(from: string, target: string): string {
  return target.startsWith('.') ? normalize(join(dirname(from), target)) : target;
}

function measure(tree: ts.SourceFile, node: ts.SignatureDeclaration): { name: string; lines: number; line: number } {
  const first = tree.getLineAndCharacterOfPosition(node.getStart()).line;
  const last = tree.getLineAndCharacterOfPosition(node.end).line;
  return { name: node.name?.getText() ?? 'anonymous', lines: last - first + 1, line: first + 1 };
}

function noteReach(file: SourceFile, node: ts.PropertyAccessExpression | ts.Identifier): void {
  const text = node.getText();
  if (!outward.test(text)) return;
  if (ts.isIdentifier(node) && !isFreeUse(node)) return;
  file.reaches.push(text);
}

/** A bare name that is called, not declared, not a member and not a key. */
function isFreeUse(node: ts.Identifier): boolean {
  const parent = node.parent;
  return ts.isCallExpression(parent) && parent.expression === node;
}
