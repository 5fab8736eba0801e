/** What became of every id of a run. */
export interface Comparison {
  /** Iterations that were started; each has its id. */
  started: number;
  acknowledged: number;
  rows: number;
  /** Acknowledged, and no row. */
  missing: string[];
  /** Rows that nobody was told of: A8 committed, and its answer was lost. They are no fault. */
  unanswered: number;
  /** Iterations that ended before they could say what they were told: so many of the missing may be theirs. */
  cutShort: number;
}

/** More are missing than can be explained. */
export const isLoss = ({ missing, cutShort }: Comparison): boolean => missing.length > cutShort;

/**
 * All ids of a run against all rows of it, in one pass. Pure.
 * @param notAcknowledged what the script told of; every other id was acknowledged
 */
export function compareIds(o: {
  /** Of every iteration that was started. */
  ids: readonly string[];
  notAcknowledged: ReadonlySet<string>;
  rows: ReadonlySet<string>;
  /** How many the script itself counted as acknowledged. */
  counted: number;
}): Comparison {
  const missing: string[] = [];
  let acknowledged = 0;
  let unanswered = 0;
  for (const id of o.ids) {
    const isRow = o.rows.has(id);
    if (o.notAcknowledged.has(id)) unanswered += isRow ? 1 : 0;
    else {
      acknowledged += 1;
      if (!isRow) missing.push(id);
    }
  }
  const cutShort = Math.max(0, acknowledged - o.counted);
  return { started: o.ids.length, acknowledged, rows: o.rows.size, missing, unanswered, cutShort };
}
