// Asking for feedback: on from where the last answer ended; no answer is counted and changes nothing.
import { expect, test } from 'vitest';
import { openFeedback, pollFeedback } from '../../detectors/feedback-poll.ts';
import { fakePorts, watching } from '../fakes/detector.ts';
import { fakeHttp } from '../fakes/http.ts';

const address = (since: string) => `http://cp/api/v1/anomalies/feedback?since=${since}`;
const item = { labels: { detector: 'container', name: 'a', metric: 'load' }, start: 1, end: 2, expected: true };
const { log } = fakePorts();
const ports = (http: ReturnType<typeof fakeHttp>) => ({
  controlPlaneUrl: 'http://cp',
  http,
  token: () => 'secret',
  log,
});

test('pages are taken one after the other', async () => {
  const http = fakeHttp({ [address('')]: { items: [item], next: 'n1' }, [address('n1')]: { items: [], next: 'n2' } });
  const feedback = openFeedback();
  const { state } = watching();
  await pollFeedback(feedback, [state], ports(http));
  await pollFeedback(feedback, [state], ports(http));
  expect([feedback.since, feedback.judged.length, feedback.failuresTotal]).toEqual(['n2', 1, 0]);
  expect(http.asked[0]!.authorization).toBe('Bearer secret');
});

test.each([
  { given: 'no answer', answer: 503 },
  { given: 'an answer of another shape', answer: { items: [{ ...item, expected: 'yes' }], next: 'x' } },
])('$given is counted and changes nothing', async ({ answer }) => {
  const feedback = openFeedback();
  const { state } = watching();
  await pollFeedback(feedback, [state], ports(fakeHttp({ [address('')]: answer })));
  expect([feedback.since, feedback.judged, state.feedbackFailuresTotal]).toEqual(['', [], 1]);
});

test('without a token it is the same', async () => {
  const feedback = openFeedback();
  const none = () => {
    throw new Error('no token');
  };
  await pollFeedback(feedback, [], { ...ports(fakeHttp()), token: none });
  expect(feedback.failuresTotal).toBe(1);
});
