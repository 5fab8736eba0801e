export type { EmitFacts, EmitMode, EventNames } from './destination.ts';
export {
  type Emission,
  EmitRefused,
  type Emitter,
  EmitUnavailable,
  type EventInput,
  event,
  eventIdFor,
} from './emission.ts';
export { createEmitter, type EmitterOptions, type HttpEmitter } from './emitter.ts';
export { EMIT_METRICS } from './metrics.ts';
