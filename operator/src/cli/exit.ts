/** Exit codes of every verb (architecture, section 7). */
export const EXIT = {
  ok: 0,
  /** The verb looked, and what it saw is not good. */
  bad: 1,
  usage: 2,
  /** `audit` found drifts. */
  findings: 3,
  /** Could not look: never reported as good. */
  blind: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
