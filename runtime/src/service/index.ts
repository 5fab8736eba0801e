export { SERVICE_METRICS } from './core.ts';
export { createService, type Service, type ServiceOptions } from './create-service.ts';
export { ANSWER_WITHIN_MS } from './gate.ts';
export type { EventToRecord, RecordEvent, WithTransaction } from './recorder.ts';
export { runService } from './run-service.ts';
export { type CommonSettings, commonSettings } from './settings.ts';
export { type BuiltService, defineService, type None, type ServiceDeps, type ServiceSpec } from './spec.ts';
