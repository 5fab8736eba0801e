/** Lets the slow steps of one event follow each other; those of different events do not wait. */
export class Steps {
  readonly #last = new Map<string, Promise<void>>();

  isOccupied(eventId: string): boolean {
    return this.#last.has(eventId);
  }

  /** Resolves when no step of this event is under way; undefined: none is. */
  unoccupied(eventId: string): Promise<void> | undefined {
    return this.#last.get(eventId)?.then(() => this.unoccupied(eventId));
  }

  async alone<T>(eventId: string, step: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(eventId) ?? Promise.resolve()).then(step);
    const ended = mine.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(eventId, ended);
    try {
      return await mine;
    } finally {
      if (this.#last.get(eventId) === ended) this.#last.delete(eventId);
    }
  }

  /** Resolves when every step begun so far has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
