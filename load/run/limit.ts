import { PROFILES, type Profile } from '../scenarios/parts/profiles.ts';
import { metricValue, type Summary } from './summary.ts';

/**
 * For a profile that looks for a limit: how many a second had come when it ended, since a rate that rises evenly is at last as far above
 * its mean as it was below it at first. undefined for every other profile, whose bounds are to hold.
 */
export function limitOf(name: string, summary: Summary): number | undefined {
  const profile = (PROFILES as Record<string, Profile>)[name];
  if (profile?.bounds.abort !== true || 'perSecond' in profile.arrivals) return undefined;
  const count =
    metricValue(summary, 'iterations', 'count') + metricValue(summary, 'dropped_iterations', 'count');
  const mean = count / (summary.state.testRunDurationMs / 1000);
  return Math.max(0, Math.round(2 * mean - profile.arrivals.startPerSecond));
}
