/** How often each `check` passed and failed, in the order in which they were met first. */
export class Checks {
  readonly #all = new Map<string, { group: string; name: string; passes: number; fails: number }>();

  note(group: string, name: string, passed: boolean): void {
    const path = `${group}::${name}`;
    const check = this.#all.get(path) ?? { group, name, passes: 0, fails: 0 };
    this.#all.set(path, check);
    if (passed) check.passes += 1;
    else check.fails += 1;
  }

  get all(): readonly { group: string; name: string; passes: number; fails: number }[] {
    return [...this.#all.values()];
  }
}
