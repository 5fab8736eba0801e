import { defineService } from '@scholar/runtime/service';
import { createPilot } from './app.ts';
import { pilotSettings } from './settings.ts';

/** A5: what runtime's composition root needs to run student_pilot. */
export const service = defineService({
  label: 'student_pilot',
  settings: pilotSettings,
  // The same place seen from src and from dist.
  migrations: new URL('../migrations/', import.meta.url),
  build: createPilot,
});
