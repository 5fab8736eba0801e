export { createOutage } from './outage.ts';
export { unlessAway } from './unless-away.ts';
export { TimeIsOver, within } from './within.ts';
