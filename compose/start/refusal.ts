// Whether a process ended because what a person set is wrong: then starting it again changes nothing.

export interface FirstEnding {
  /** Whether it was ready at any time before. */
  everReady: boolean;
  /** How it ended, as the supervisor says it. */
  reason: string;
  /** What it said on standard error in this life. */
  complaint: string;
}

/** As our processes begin the sentence that lists what is wrong with their settings. */
const wrongSettings = /^(The settings are not usable:|No source is called )/m;

export function isRefusal({ everReady, reason, complaint }: FirstEnding): boolean {
  return !everReady && reason === 'exit code 1' && wrongSettings.test(complaint);
}
