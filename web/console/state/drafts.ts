// What somebody had typed when a form was taken from under their hands: the session ran out, or another environment was chosen.

interface Draft {
  person: string;
  /** The path of the form's page. */
  path: string;
  content: unknown;
}

/** One at a time, in the memory of the page alone: what is typed can be secret. */
export class Drafts {
  private kept: Draft | undefined;

  /** The newest one counts. */
  keep(draft: Draft): void {
    this.kept = draft;
  }

  /** What the same person typed on the same page; given out once. */
  take<T>(person: string, path: string): T | undefined {
    const { kept } = this;
    if (kept?.path !== path || kept.person !== person) return undefined;
    this.kept = undefined;
    return kept.content as T;
  }

  /** Whoever comes in finds nothing of another. */
  keepOnly(person: string): void {
    if (this.kept?.person !== person) this.kept = undefined;
  }
}
