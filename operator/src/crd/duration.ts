const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Pure: `1m30s` in milliseconds.
 * @throws Error on anything that the schema of the CRD refuses too.
 */
export function durationMs(text: string): number {
  if (!/^([0-9]{1,6}(ms|s|m|h))+$/u.test(text)) {
    throw new Error(`${JSON.stringify(text)} is not a duration like 90s or 1m30s.`);
  }
  return [...text.matchAll(/([0-9]+)(ms|s|m|h)/gu)]
    .map(([, amount = '0', unit = 'ms']) => Number(amount) * (UNIT_MS[unit] ?? 1))
    .reduce((sum, part) => sum + part, 0);
}
