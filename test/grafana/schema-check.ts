// Checks dashboards as JSON against Grafana's published types: the text is compiled as a literal of that type, so that an unknown field is an error too.
import { join } from 'node:path';
import ts from 'typescript';

const folder = import.meta.dirname;
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/** What does not fit, by the name of the text; an empty list for each that fits. */
export function checkAgainstSchema(texts: Readonly<Record<string, string>>): Record<string, string[]> {
  const opening =
    "import type { DashboardJson } from '../../grafana/build/schema.ts';\nexport const dashboard: DashboardJson = ";
  const files = new Map(
    Object.entries(texts).map(([name, text]) => [join(folder, `${name}.as-literal.ts`), `${opening}${text};\n`]),
  );
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    getSourceFile: (path, version) => {
      const text = files.get(path);
      return text === undefined ? host.getSourceFile(path, version) : ts.createSourceFile(path, text, version, true);
    },
  });
  return Object.fromEntries(
    [...files.keys()].map((path, at) => [
      Object.keys(texts)[at]!,
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(path))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n').slice(0, 600)),
    ]),
  );
}
