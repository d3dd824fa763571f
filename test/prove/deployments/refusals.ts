// Proof of refusals: images that are nowhere, crash, end or are never healthy are rolled back by themselves, and say why.
import { application, type DeploymentRig } from '../../web/server/deployments/rig.ts';
import { barred, type Figure } from '../figure.ts';

const wrong = {
  missing_image: { change: { image: 'registry.invalid/app:none' }, says: /registry\.invalid/ },
  missing_id: { change: { image: `sha256:${'0'.repeat(64)}` }, says: /There is no image/ },
  crashing_image: { change: { env: { CRASH: '3' } }, says: /exit code 3/ },
  ending_image: { change: { env: { CRASH: '0' } }, says: /ended by itself/ },
  unhealthy_image: { change: { env: { UNHEALTHY: '1' } }, says: /health check/i },
  command_that_is_not_there: { change: { command: ['/nothing'] }, says: /not found/ },
} as const;

interface Seen {
  state: string;
  stable: string;
  tasks: { task: string; state: string; revision: string }[];
}

export async function proveRefusals(rig: DeploymentRig, progress: (line: string) => void): Promise<Figure[]> {
  const made = await rig.operate('POST', '/deployments', application('stall', 'app:1', { replicas: 2 }));
  if (made.state !== 'done') throw new Error(`the application is not deployed: ${made.outcome}`);
  const figures: Figure[] = [];
  for (const [name, { change, says }] of Object.entries(wrong)) {
    progress(name);
    const before = (await rig.call('GET', '/deployments/stall')).body as Seen;
    const ended = await rig.operate('POST', '/deployments/stall/revisions', change);
    const after = (await rig.call('GET', '/deployments/stall')).body as Seen;
    const untouched = after.stable === 'r1' && after.state === 'running' && tasksOf(after) === tasksOf(before);
    const told = ended.state === 'rolled-back' && says.test(ended.outcome);
    figures.push(barred(`deployments.${name}_rolled_back_seconds`, ended.ended! - ended.started, '<=', 20, 's'));
    figures.push(withReason(barred(`deployments.${name}_reason_told`, Number(told), '==', 1), ended.outcome));
    figures.push(barred(`deployments.${name}_old_untouched`, Number(untouched), '==', 1));
  }
  await rig.operate('DELETE', '/deployments/stall');
  return figures;
}

/** The very tasks that ran before run on. */
function tasksOf({ tasks }: Seen): string {
  return tasks
    .filter(({ state, revision }) => state === 'running' && revision === 'r1')
    .map(({ task }) => task)
    .sort()
    .join();
}

function withReason(figure: Figure, reason: string): Figure {
  return figure.ok === false ? { ...figure, reason: reason.slice(0, 300) } : figure;
}
