// A question that holds something up until a person answers it: the password once more, or a typed confirmation.

export class Question<Asked = void, Answer = boolean> {
  private answerWith: ((answer: Answer | undefined) => void) | undefined;
  private waiting: Promise<Answer | undefined> | undefined;
  asked = $state.raw<{ about: Asked }>();

  /**
   * Resolves to undefined where the person turned away. Who asks the same while it stands waits for the same answer; something else is
   * turned away at once: the answer was not about it.
   */
  ask(about: Asked): Promise<Answer | undefined> {
    if (this.asked !== undefined && this.asked.about !== about) return Promise.resolve(undefined);
    this.waiting ??= new Promise((resolve) => {
      this.answerWith = resolve;
      this.asked = { about };
    });
    return this.waiting;
  }

  answer(answer: Answer | undefined): void {
    const resolve = this.answerWith;
    this.answerWith = undefined;
    this.waiting = undefined;
    this.asked = undefined;
    resolve?.(answer);
  }
}
