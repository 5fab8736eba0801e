import { PROFILES } from '../scenarios/parts/profiles.ts';

export type ProfileName = keyof typeof PROFILES;

/** @throws Error that names those there are */
export function knownProfile(name: string): ProfileName {
  if (!Object.hasOwn(PROFILES, name))
    throw new Error(`there is no profile ${name}; there are ${Object.keys(PROFILES).join(', ')}`);
  return name as ProfileName;
}
