/** What the values of `a8_app_verdict` stand for. */
export const VERDICT_WORDS = {
  '1': { text: 'green', color: 'green' },
  '0': { text: 'RED', color: 'red' },
  '-1': { text: 'unknown', color: 'orange' },
} as const;

/** Of lines that count verdicts. */
export const VERDICT_COLORS = { green: 'green', red: 'red', unknown: 'orange' } as const;
