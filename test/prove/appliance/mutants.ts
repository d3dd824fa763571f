// Proof that the tests of the alert rules would notice a wrong rule: every mutant of every rule, family by family.
import { findMutationTool, readFamily, runMutants } from '../../alerts/mutation-run.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';

/**
 * How many may survive in a family; in those not named none. These change nothing: Alertmanagers and kills by the kernel
 * are whole ones, so that `< 1` is `< 0.5`, and a difference `< 0.5` (in two places) is `< 0.8` and `< 0.25`.
 */
const survivorsMax: Readonly<Record<string, number>> = { appliance: 1, resources: 4 };

type Progress = (line: string) => void;

/** Killed and survived in each family, every survivor by name. A family whose tests fail anyhow is unmeasured. */
export async function proveMutants(families: readonly string[], progress: Progress): Promise<Figure[]> {
  const promtool = findMutationTool();
  if (promtool === undefined) return [unmeasured('alerts.mutants', 'there is no promtool of Prometheus 2.53')];
  const figures: Figure[] = [];
  for (const family of families) {
    progress(`mutants of the alert rules: ${family}`);
    figures.push(...(await proveFamily(promtool, family)));
  }
  return figures;
}

async function proveFamily(promtool: string, family: string): Promise<Figure[]> {
  const name = `alerts.mutants.${family.replaceAll('-', '_')}`;
  try {
    const { killed, survivors } = await runMutants(promtool, readFamily(family));
    return [
      told(`${name}.killed`, killed),
      barred(`${name}.survived`, survivors.length, '<=', survivorsMax[family] ?? 0),
      ...survivors.map((survivor) => told(`${name}.survivor: ${survivor}`, 1)),
    ];
  } catch (error) {
    return [unmeasured(name, (error as Error).message)];
  }
}
