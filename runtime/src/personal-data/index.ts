export {
  askForwarders,
  createForwarderErasures,
  type ForwarderErasures,
  forgetEvents,
  tellForwarder,
} from './forwarder-erasures.ts';
export type { ForwarderState, Place } from './forwarder-places.ts';
export { NOTHING_KEPT, type Person, type PersonalData } from './personal-data.ts';
export {
  ERASE_PATH,
  erasedSchema,
  FIND_PATH,
  FORWARDERS_PATH,
  forwarderStateSchema,
  foundSchema,
  personalDataRoutes,
} from './routes.ts';
