import { defineService } from '@scholar/runtime/service';
import { createSage } from './app.ts';
import { SAGE_METRICS } from './metrics.ts';
import { sageSettings } from './settings.ts';

/** A4: what runtime's composition root needs to run scholarship_sage. */
export const service = defineService({
  label: 'scholarship_sage',
  settings: sageSettings,
  metrics: SAGE_METRICS,
  // The same place seen from src and from dist.
  migrations: new URL('../migrations/', import.meta.url),
  build: createSage,
});
