import { optionsFor } from './parts/options.ts';

export { handleSummary } from './parts/summary.ts';
export { write as default } from './parts/write.ts';
export const options = optionsFor('stress');
