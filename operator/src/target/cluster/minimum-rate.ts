import type { Workload } from './installed.ts';

const MINIMUM = 'scholar.dev/minimum-events-per-hour';

/**
 * Pure: the fewest real events an hour that the owner declared for an app: by an annotation of its workload, else of its
 * pod template (chart: podAnnotations). 0 = it may be silent; what is no whole number declares nothing.
 */
export function minimumRate(workload: Workload | undefined): number {
  const text = workload?.annotations?.[MINIMUM] ?? workload?.template.metadata?.annotations?.[MINIMUM] ?? '0';
  return /^\d{1,9}$/u.test(text) ? Number(text) : 0;
}
