import type { Place } from './context.ts';
import type { Tags } from './metrics/registry.ts';

/** What every sample that is made here carries. */
export function tagsOf(place: Place): Tags {
  const scenario = place.scenario === undefined ? {} : { scenario: place.scenario.name };
  return { group: place.group, ...place.tags, ...place.vu.tags, ...scenario };
}
