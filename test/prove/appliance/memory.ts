// Proof of the memory: the core profile of the compose file as it stands after a few minutes, container by container; then the ingress's.
import { Admin } from '../../compose/appliance/person.ts';
import { type Appliance, startAppliance } from '../../compose/appliance/stack.ts';
import { barred, type Figure, told, unmeasured } from '../figure.ts';
import { readBill } from '../process-bill.ts';

const services = ['broker', 'collector', 'control-plane', 'detectors', 'prometheus', 'alertmanager'] as const;
const restSeconds = 180;
const ingressRestSeconds = 20;

export async function proveMemory(progress: (line: string) => void): Promise<Figure[]> {
  const name = 'appliance.memory';
  const started = await startAppliance();
  if (started.kind === 'absent') return [unmeasured(name, started.reason)];
  const { appliance } = started;
  try {
    progress('building the image and starting the appliance');
    await appliance.compose('build');
    await appliance.compose('up', '-d', '--wait');
    progress(`resting for ${restSeconds} s`);
    await rest(restSeconds);
    const figures: Figure[] = [];
    let sum = 0;
    for (const service of services) {
      const megabytes = await pssOf(appliance, `odyssey-${service}-1`);
      sum += megabytes;
      figures.push(told(`${name}.${service}`, megabytes, 'MB'));
    }
    progress('a deployment, for the ingress');
    const admin = new Admin(appliance);
    await admin.setUp();
    const { state, outcome } = await admin.deployShop();
    if (state !== 'done') throw new Error(`nothing is deployed: ${outcome}`);
    await rest(ingressRestSeconds);
    figures.push(told(`${name}.ingress`, await pssOf(appliance, 'odyssey-haproxy'), 'MB'));
    return [...figures, barred(`${name}.core`, sum, '<=', 700, 'MB')];
  } finally {
    await appliance.stop();
  }
}

function rest(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Of all processes of the container, as the engine lists them by their numbers on this machine. */
async function pssOf({ engine }: Appliance, container: string): Promise<number> {
  const { status, text } = await engine.ask('GET', `/containers/${container}/top?ps_args=-eo%20pid`);
  if (status !== 200) throw new Error(`${container}: ${text}`);
  const { Processes: rows } = JSON.parse(text) as { Processes: string[][] };
  if (rows.length === 0) throw new Error(`${container} has no process`);
  return rows.reduce((bytes, [pid]) => bytes + readBill(Number(pid)).pssBytes, 0) / 1e6;
}
