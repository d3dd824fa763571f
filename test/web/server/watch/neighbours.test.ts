// What a person reads when a process beside us gives no answer: who, what, and where to look.
import { expect, test } from 'vitest';
import { NoAnswer, noSuccess } from '../../../../core/lib/no-answer.ts';
import { sayNoAnswer } from '../../../../web/server/watch/neighbours.ts';

const log = (name: string) => `Its log says why: data/logs/${name}.log, or docker compose logs ${name}.`;

test.each([
  {
    given: 'a detector that has nothing to say yet',
    said: sayNoAnswer('detectors', noSuccess(503, '{}')),
    is: `The process detector is not ready (503). ${log('detectors')}`,
  },
  {
    given: 'a collector that is not there',
    said: sayNoAnswer('collector', new TypeError('fetch failed')),
    is: `The collector does not answer. ${log('collector')}`,
  },
  {
    given: 'Prometheus, whose client names it',
    said: sayNoAnswer('prometheus', new NoAnswer('Prometheus does not answer (ECONNREFUSED)')),
    is: `Prometheus does not answer (ECONNREFUSED). ${log('prometheus')}`,
  },
])('$given', ({ said, is }) => {
  expect(said).toBe(is);
});
