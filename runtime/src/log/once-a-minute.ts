const QUIET_MS = 60_000;

/** `topic` is what is mentioned once; it must come from a closed set. Default: the message. */
export type Mention = (fields: object, message: string, topic?: string) => void;

/**
 * The level is a budget: what goes on for a thousand events is mentioned, not repeated. Each topic gets a line at once and
 * then at most one a minute, which says by `muted` how many were left out since.
 * @param monotonic milliseconds that never go backwards
 */
export function onceAMinute(
  say: (fields: object, message: string) => void,
  monotonic: () => number,
): Mention {
  const topics = new Map<string, { atMs: number; muted: number }>();
  return (fields, message, topic = message) => {
    const nowMs = monotonic();
    const last = topics.get(topic);
    if (last !== undefined && nowMs - last.atMs < QUIET_MS) {
      last.muted += 1;
      return;
    }
    topics.set(topic, { atMs: nowMs, muted: 0 });
    say(last?.muted ? { ...fields, muted: last.muted } : fields, message);
  };
}
