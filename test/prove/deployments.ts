// Proof of deployments: changes under load, refusals, kills, a registry, secrets, and the ingress, on a real engine with a real HAProxy.
import { startDeploymentRig } from '../web/server/deployments/rig.ts';
import { proveChanges } from './deployments/changes.ts';
import { proveCrashes } from './deployments/crashes.ts';
import { proveIngress } from './deployments/ingress.ts';
import { proveNodes } from './deployments/nodes.ts';
import { provePlaintext } from './deployments/plaintext.ts';
import { proveRefusals } from './deployments/refusals.ts';
import { proveRegistry } from './deployments/registry.ts';
import { proveSecrets } from './deployments/secrets.ts';
import { type Figure, skipped, unmeasured } from './figure.ts';

const parts = {
  changes: proveChanges,
  refusals: proveRefusals,
  registry: proveRegistry,
  plaintext: provePlaintext,
  secrets: proveSecrets,
};
/** With engines of their own. */
const alone = { crash: proveCrashes, ingress: proveIngress, nodes: proveNodes };

export async function run(progress: (line: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  progress('an engine, a broker, HAProxy and a control plane');
  const started = await startDeploymentRig();
  if (started.kind === 'absent') return [skipped('deployments', started.reason)];
  const { rig } = started;
  try {
    await rig.test.admin.call('POST', '/engine/swarm', { pool: '10.97.0.0/16', address: '127.0.0.1' });
    for (const [name, prove] of Object.entries(parts)) {
      try {
        figures.push(...(await prove(rig, progress)));
      } catch (error) {
        figures.push(unmeasured(`deployments.${name}`, (error as Error).message));
      }
    }
  } finally {
    await rig.close();
  }
  for (const [name, prove] of Object.entries(alone)) {
    try {
      figures.push(...(await prove(progress)));
    } catch (error) {
      figures.push(unmeasured(`deployments.${name}`, (error as Error).message));
    }
  }
  return figures;
}
