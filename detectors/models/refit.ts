// When an entity's model is worth learning anew: seldom, once it has seen a week.
import type { ModelHeader } from './model.ts';

const GROWTH = 1.5;
const KEPT_SECONDS = 28 * 86_400;

/**
 * Whether an entity should be refitted: its history has grown by half since, or the model is four weeks old. How metrics
 * go together changes slowly, and a week with incidents in it teaches them as ordinary: refitted every six hours, a
 * labelled machine fell from 0.84 to 0.36 VUS-PR. Series, whose level does change by the hour, are refitted every six hours.
 */
export function entityRefitDue(
  model: Pick<ModelHeader, 'rows' | 'trainedAtSeconds'>,
  rowsNow: number,
  nowSeconds: number,
): boolean {
  return rowsNow >= GROWTH * model.rows || nowSeconds - model.trainedAtSeconds >= KEPT_SECONDS;
}
