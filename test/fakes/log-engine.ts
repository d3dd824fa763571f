// An engine that keeps one deployment's log, as a test writes it: two replicas, whose tasks may be replaced. It deploys nothing.
import type { Service, Task } from '../../web/server/engine/objects.ts';
import type { EnginePort } from '../../web/server/engine/port.ts';
import { type WrittenSource, writtenSource } from './log-source.ts';
import { swarmEngine } from './swarm-engine.ts';

export interface LogEngine {
  port: EnginePort;
  log: WrittenSource;
  /** A task begins in this slot of `<deployment>-r1`; whatever ran there has ended. */
  run(task: string, slot: number): void;
  /** Lets the service be there, once it is known which environment it is of. */
  place(environment: string): void;
}

export function logEngine(deployment: string): LogEngine {
  const engine = swarmEngine();
  const log = writtenSource(`${deployment}-r1`);
  const swarm = { NodeID: 'n1', LocalNodeState: 'active', ControlAvailable: true };
  const info = { Name: 'one', ServerVersion: '26', NCPU: 1, MemTotal: 1, Swarm: swarm };
  engine.port.info = () => Promise.resolve({ ok: true, value: info }) as ReturnType<EnginePort['info']>;
  engine.port.services.logs = (_, options, signal) => log.open(options, signal);
  return {
    ...{ port: engine.port, log },
    run(task, slot) {
      for (const before of engine.tasks.filter(({ Slot }) => Slot === slot)) before.DesiredState = 'shutdown';
      const Status = { Timestamp: new Date().toISOString(), State: 'running' };
      const Labels = { odyssey_deployment: deployment, odyssey_revision: 'r1' };
      const Spec = { ContainerSpec: { Image: 'shop:1', Labels } };
      engine.tasks.unshift({
        ...{ ID: task, ServiceID: 'service', Slot: slot, NodeID: 'n1', DesiredState: 'running', Status },
        ...{ CreatedAt: '', UpdatedAt: '', Spec: Spec as unknown as Task['Spec'] },
      });
    },
    place(environment) {
      const Labels = { odyssey_environment: environment, odyssey_deployment: deployment };
      engine.services.push({ ID: 'service', Spec: { Name: `${deployment}-r1`, Labels } } as unknown as Service);
    },
  };
}
