export { createForwarderErasures, forgetEvents, tellForwarder } from './forwarder-erasures.ts';
export { NOTHING_KEPT, type Person, type PersonalData } from './personal-data.ts';
export { ERASE_PATH, erasedSchema, FIND_PATH, foundSchema, personalDataRoutes } from './routes.ts';
