import type { Options } from 'k6/options';
import { lasting } from './lasting.ts';
import { optionsOf, PROFILES, type Profile } from './profiles.ts';

/** The options of a script: its profile, for LASTS seconds and with WRITE_P95_MS as its bound, where these are set. */
export const optionsFor = (profile: keyof typeof PROFILES): Options =>
  optionsOf(bounded(lasting(PROFILES[profile], __ENV['LASTS']), __ENV['WRITE_P95_MS']));

/** @throws Error when it is no number of milliseconds */
function bounded(profile: Profile, writeP95Ms: string | undefined): Profile {
  if (writeP95Ms === undefined || writeP95Ms === '') return profile;
  if (!(Number(writeP95Ms) > 0)) throw new Error(`WRITE_P95_MS=${writeP95Ms}: a number of milliseconds`);
  return { ...profile, bounds: { ...profile.bounds, writeP95Ms: Number(writeP95Ms) } };
}
