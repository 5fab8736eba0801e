/** Differences that may only be a webhook on its way: each counts once it has lasted for the grace, from look to look. */
export type Patience = {
  /** Called at the start of each look. */
  begin(nowMs: number): void;
  /** Notes that this differs at the look that has begun; true once it has differed for as long as the grace. */
  isOver(key: string): boolean;
  /** Called when a look has seen everything; a look that failed half-way is forgotten. */
  end(): void;
};

export function createPatience(graceMs: number): Patience {
  let earlier = new Map<string, number>();
  let now = { ms: 0, differs: new Map<string, number>() };
  return {
    begin(nowMs) {
      now = { ms: nowMs, differs: new Map() };
    },
    isOver(key) {
      const sinceMs = earlier.get(key) ?? now.ms;
      now.differs.set(key, sinceMs);
      return now.ms - sinceMs >= graceMs;
    },
    end() {
      earlier = now.differs;
    },
  };
}
