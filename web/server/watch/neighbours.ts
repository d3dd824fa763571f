// The processes beside us by the names that people know, and where to look when one of them gives no answer.
import { noAnswer } from '../../../core/lib/no-answer.ts';

const neighbours = {
  prometheus: { name: 'Prometheus', log: 'prometheus' },
  alertmanager: { name: 'Alertmanager', log: 'alertmanager' },
  collector: { name: 'The collector', log: 'collector' },
  detectors: { name: 'The process detector', log: 'detectors' },
} as const;
export type Neighbour = keyof typeof neighbours;

/** "The collector does not answer (ECONNREFUSED). Its log says why: …": what is wrong, and what to do. */
export function sayNoAnswer(who: Neighbour, cause: unknown): string {
  const { name, log } = neighbours[who];
  // The client of Prometheus says whose answer it was.
  const words = noAnswer(cause).message.replace(new RegExp(`^${name} `), '');
  return `${name} ${words}. Its log says why: data/logs/${log}.log, or docker compose logs ${log}.`;
}
