// One line of the doctor's report.

export interface Finding {
  name: string;
  state: 'ok' | 'warn' | 'fail' | 'unknown';
  says: string;
  /** What to do about it. */
  fix?: string;
  /** Nothing can be started while this fails. */
  essential?: true;
}
