import type { Profile } from './profiles.ts';

/** How long a profile sends, seconds. */
export function secondsOf({ arrivals }: Profile): number {
  return 'perSecond' in arrivals
    ? arrivals.seconds
    : arrivals.stages.reduce((sum, { seconds }) => sum + seconds, 0);
}

/**
 * The same rates for another time: stages keep their share of it.
 * @param lasts seconds, as LASTS says them; undefined or empty: as the profile says. @throws Error when it is no such number
 */
export function lasting(profile: Profile, lasts: string | undefined): Profile {
  if (lasts === undefined || lasts === '') return profile;
  const wanted = Number(lasts);
  if (!(wanted >= 1 && wanted <= 604_800))
    throw new Error(`LASTS=${lasts}: a number of seconds, from 1 to 604800`);
  const { arrivals } = profile;
  if ('perSecond' in arrivals) return { ...profile, arrivals: { ...arrivals, seconds: wanted } };
  const scale = wanted / secondsOf(profile);
  const stages = arrivals.stages.map(({ perSecond, seconds }) => ({
    perSecond,
    seconds: Math.round(seconds * scale * 1000) / 1000,
  }));
  return { ...profile, arrivals: { ...arrivals, stages } };
}
