import type { Severity } from './objective.ts';

/** The allowance of an objective is one of so many days. */
export const PERIOD_DAYS = 30;

/** An allowance that is used up so many times too fast, in a long window and, so that the alert ends soon, in a short one. */
export interface BurnWindow {
  factor: number;
  long: Window;
  short: Window;
  severity: Severity;
}

/** As Prometheus writes it, with the step by which time is looked at: 0.2 % of the window, at least a minute. */
export interface Window {
  name: string;
  minutes: number;
  stepMinutes: number;
}

const M5 = { name: '5m', minutes: 5, stepMinutes: 1 };
const M30 = { name: '30m', minutes: 30, stepMinutes: 1 };
const H1 = { name: '1h', minutes: 60, stepMinutes: 1 };
const H2 = { name: '2h', minutes: 120, stepMinutes: 1 };
const H6 = { name: '6h', minutes: 360, stepMinutes: 1 };
const D1 = { name: '1d', minutes: 1_440, stepMinutes: 3 };
const D3 = { name: '3d', minutes: 4_320, stepMinutes: 9 };

/** Source: Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { factor: 14.4, long: H1, short: M5, severity: 'critical' },
  { factor: 6, long: H6, short: M30, severity: 'critical' },
  { factor: 3, long: D1, short: H2, severity: 'warning' },
  { factor: 1, long: D3, short: H6, severity: 'warning' },
];

/** @returns each window once, the shortest first. */
export function allWindows(burns: readonly BurnWindow[] = BURN_WINDOWS): Window[] {
  const windows = new Map(burns.flatMap(({ long, short }) => [long, short]).map((of) => [of.name, of]));
  return [...windows.values()].sort((one, other) => one.minutes - other.minutes);
}
