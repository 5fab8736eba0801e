/** Differences that may only be a webhook on its way: each counts once it has lasted for the grace, from look to look. */
export type Patience = {
  /** Called at the start of each look. */
  begin(beganMs: number): void;
  /** Notes that this differs now; true where it was seen to differ so long before this look began. */
  isOver(key: string): boolean;
  /** Called when a look has seen everything; a look that failed half-way is forgotten. */
  end(): void;
};

/** @param nowMs the time at which something is seen, which may be long after the look has begun. */
export function createPatience(graceMs: number, nowMs: () => number): Patience {
  let earlier = new Map<string, number>();
  let look = { beganMs: 0, differs: new Map<string, number>() };
  return {
    begin(beganMs) {
      look = { beganMs, differs: new Map() };
    },
    isOver(key) {
      const sinceMs = earlier.get(key) ?? nowMs();
      look.differs.set(key, sinceMs);
      return look.beganMs - sinceMs >= graceMs;
    },
    end() {
      earlier = look.differs;
    },
  };
}
