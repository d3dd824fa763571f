// What was asked is counted under bounded labels and can be written as an exposition.
import { expect, test } from 'vitest';
import { renderExposition } from '../../../core/lib/promtext.ts';
import { createTally, metrics } from '../../../web/broker/tally.ts';

test('ends and refusals add up under their labels', () => {
  const tally = createTally();
  const ended = { socket: 'read', method: 'GET', route: 'GET /info', outcome: 'answered', seconds: 0.5 } as const;
  tally.ended(ended);
  tally.ended(ended);
  tally.refused({ socket: 'write', method: 'POST', route: 'none', reason: 'method' });
  const text = renderExposition(metrics, tally.samples());
  expect(text).toContain('broker_requests_total{socket="read",method="GET",route="GET /info",outcome="answered"} 2');
  expect(text).toContain('broker_request_seconds_total{socket="read",method="GET",route="GET /info"} 1');
  expect(text).toContain('broker_refusals_total{socket="write",method="POST",route="none",reason="method"} 1');
});

test('a thousand invented methods are one series', () => {
  const tally = createTally();
  for (let index = 0; index < 1_000; index++) {
    tally.refused({ socket: 'read', method: `BREW${index}`, route: 'none', reason: 'method' });
  }
  expect(tally.samples()).toHaveLength(1);
  expect(tally.samples()[0]!.labels['method']).toBe('other');
});
