import { optionsOf, PROFILES } from './parts/profiles.ts';

export { write as default } from './parts/write.ts';
export const options = optionsOf(PROFILES.average);
