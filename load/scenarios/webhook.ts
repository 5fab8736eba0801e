import { optionsOf, PROFILES } from './parts/profiles.ts';

export { reportPayment as default } from './parts/report-payment.ts';
export { handleSummary } from './parts/summary.ts';
export const options = optionsOf(PROFILES.webhook);
