// A figure: one number that a proof or a benchmark prints, with its bar where there is one.

export type Operator = '>=' | '<=' | '==';

export interface Figure {
  name: string;
  /** null when it could not be measured: then `reason` says why. */
  value: number | null;
  op?: Operator;
  limit?: number;
  unit: string;
  ok?: boolean;
  reason?: string;
  /** Set instead of a verdict when the machine lacks a GPU or the labelled data. */
  skipped?: string;
}

/** A figure with a bar; one without a finite value falls short. */
export function barred(name: string, value: number, op: Operator, limit: number, unit = ''): Figure {
  if (!Number.isFinite(value)) return unmeasured(name, 'no finite value came out', unit);
  const ok = op === '>=' ? value >= limit : op === '<=' ? value <= limit : value === limit;
  return { name, value, op, limit, unit, ok };
}

/** A figure that is only told. */
export function told(name: string, value: number, unit = ''): Figure {
  return { name, value, unit };
}

export function unmeasured(name: string, reason: string, unit = ''): Figure {
  return { name, value: null, unit, ok: false, reason };
}

export function skipped(name: string, reason: string, unit = ''): Figure {
  return { name, value: null, unit, skipped: reason };
}
