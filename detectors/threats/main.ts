// The command that judges command lines: JSON lines {"id","cmdline"} in, {"id","threat","tier","category","score"} out.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { judgeLine } from '../process/threats/verdict/judge.ts';

const usage = `usage: npm run threats -- [--tier critical|medium|low] < FILE
  FILE     lines of JSON, each {"id", "cmdline"}
  Answers  a line each, {"id", "threat", "tier", "category", "score"}; with --tier only that tier counts as a threat
`;

const row = z.object({ id: z.union([z.string(), z.number()]), cmdline: z.string() });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { tier: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  if (values.tier !== undefined && !['critical', 'medium', 'low'].includes(values.tier)) {
    throw new Error(`--tier must be critical, medium or low, not ${JSON.stringify(values.tier)}`);
  }
  let number = 0;
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() === '') continue;
    const { id, cmdline } = read(text, number);
    const { threat, tier, category, score } = judgeLine(cmdline);
    const answer = { id, threat: values.tier === undefined ? threat : tier === values.tier, tier, category, score };
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) {
      await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
    }
  }
}

function read(text: string, number: number): z.infer<typeof row> {
  try {
    return row.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? 'it needs "id" and "cmdline", both text' : 'it is not JSON';
    throw new Error(`line ${number} of the input cannot be read: ${reason}`, { cause: error });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`threats: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
