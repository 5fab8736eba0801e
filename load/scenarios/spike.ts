import { optionsOf, PROFILES } from './parts/profiles.ts';

export { handleSummary } from './parts/summary.ts';
export { write as default } from './parts/write.ts';
export const options = optionsOf(PROFILES.spike);
