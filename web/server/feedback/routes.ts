// "This was expected": people judge alerts, the detectors read the judgements.
import { nothing } from '../../../core/contracts/api.ts';
import { feedbackQuery, judgement } from '../../../core/contracts/api-watch.ts';
import { feedbackPage } from '../../../core/contracts/feedback.ts';
import { type Route, route } from '../http/route.ts';
import { UserError } from '../user-error.ts';
import type { FeedbackStore } from './store.ts';

const pageItemsMax = 1_000;

export function feedbackRoutes(store: FeedbackStore, unixSeconds: () => number): Route[] {
  return [
    route({
      method: 'post',
      path: '/anomalies/feedback',
      access: 'anomaly:judge',
      status: 201,
      summary: 'Say whether an alert was expected',
      body: judgement,
      answer: nothing,
      act: {
        action: 'anomaly:judge',
        subject: (_, { labels }) => `anomaly/${labels['detector'] ?? ''}/${labels['metric'] ?? ''}`,
        detail: ({ labels, start, end, expected }) => ({ labels, start, end, expected }),
      },
      handle({ identity, body }) {
        store.add(body, identity.person, unixSeconds());
        return {};
      },
    }),
    route({
      method: 'get',
      path: '/anomalies/feedback',
      access: 'detectors',
      summary: 'Judgements since a cursor, for the detectors and their token',
      query: feedbackQuery,
      answer: feedbackPage,
      handle({ query }) {
        if (!/^\d{0,15}$/.test(query.since))
          throw new UserError(400, 'bad-cursor', 'Give `since` as an earlier answer gave `next`, or leave it out.');
        const { items, last } = store.after(Number(query.since), pageItemsMax);
        return { items, next: String(last) };
      },
    }),
  ];
}
