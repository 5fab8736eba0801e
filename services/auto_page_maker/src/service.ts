import { defineService } from '@scholar/runtime/service';
import { createPageMaker } from './app.ts';
import { PAGE_MAKER_METRICS } from './metrics.ts';
import { pageMakerSettings } from './settings.ts';

/** A7: what runtime's composition root needs to run auto_page_maker. */
export const service = defineService({
  label: 'auto_page_maker',
  settings: pageMakerSettings,
  metrics: PAGE_MAKER_METRICS,
  // The same place seen from src and from dist.
  migrations: new URL('../migrations/', import.meta.url),
  build: createPageMaker,
});
