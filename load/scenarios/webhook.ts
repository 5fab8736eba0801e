import { optionsFor } from './parts/options.ts';

export { reportPayment as default } from './parts/report-payment.ts';
export { handleSummary } from './parts/summary.ts';
export const options = optionsFor('webhook');
