import { defineService } from '@scholar/runtime/service';
import { createAgent } from './app.ts';
import { AGENT_METRICS } from './metrics.ts';
import { agentSettings } from './settings.ts';

/** A3: what runtime's composition root needs to run scholarship_agent. */
export const service = defineService({
  label: 'scholarship_agent',
  settings: agentSettings,
  metrics: AGENT_METRICS,
  // The same place seen from src and from dist.
  migrations: new URL('../migrations/', import.meta.url),
  build: createAgent,
});
