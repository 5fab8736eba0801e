/** What A8 acknowledged to one forwarder, against the rows that are there, over minutes that are closed. */
export interface ConservationView {
  forwarderId: string;
  /** What this look compared, ISO-8601; `to` is not included. */
  from: string;
  to: string;
  /** Events that A8 acknowledged to this forwarder in these minutes. */
  acknowledged: number;
  /** The minutes of which some events are no rows, oldest first. */
  lacking: LackingMinute[];
}

export interface LackingMinute {
  /** When it began, ISO-8601. */
  minute: string;
  acknowledged: number;
  /** Events that are no rows, and that the forwarder can send again. */
  missing: string[];
  /** How many are no rows and lie in no segment of the forwarder any more. At least: what is gone cannot be named. */
  beyond: number;
  /** At least so many more are no rows, which this look could not name. */
  unnamed: number;
}

/** Pure: events that A8 acknowledged and does not have. */
export function residualOf({ lacking }: Pick<ConservationView, 'lacking'>): number {
  return lacking.reduce((sum, { missing, beyond, unnamed }) => sum + missing.length + beyond + unnamed, 0);
}
